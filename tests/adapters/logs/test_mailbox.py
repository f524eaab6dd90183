from __future__ import annotations

from pathlib import Path

import pytest
from tests.adapters.logs.daemons import Listener, listening

from banish.adapters.logs.mailbox import Mailbox


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "socket"


def test_a_message_arrives_as_it_was_sent(path: Path) -> None:
    with listening(path) as listener:
        mailbox = Mailbox(path)
        mailbox.send(b"a\0b")
        mailbox.close()
        assert [b"a\0b"] == listener.heard()


def test_nobody_who_listens_is_an_error(path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Mailbox(path)
    path.touch()
    with pytest.raises(OSError, match="Connection refused"):
        Mailbox(path)


def test_a_daemon_that_was_restarted_is_found_again(path: Path) -> None:
    first = Listener(path)
    mailbox = Mailbox(path)
    first.close()
    mailbox.send(b"lost")
    with listening(path) as second:
        mailbox.send(b"heard")
        mailbox.close()
        assert [b"heard"] == second.heard()


def test_a_daemon_that_does_not_take_what_it_is_sent_holds_up_nobody(path: Path) -> None:
    with listening(path) as listener:
        mailbox = Mailbox(path)
        for _ in range(2000):
            mailbox.send(b"x" * 1000)
        heard = len(listener.heard())
        mailbox.send(b"y")
        mailbox.close()
        assert [b"y"] == listener.heard()
    assert 0 < heard < 2000
