"""How errors read."""

from __future__ import annotations

import pytest

from banish.compat.frames import RemoteError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (RemoteError("ValueError", ("no",)), "no"),
        (RemoteError("Exception"), ""),
        (RemoteError("KeyError", ("x",)), "'x'"),
        (RemoteError("fail2ban.exceptions.UnknownJailException", ("x",)), "'x'"),
        (
            RemoteError("FileNotFoundError", (2, "No such file or directory", "/x")),
            str(FileNotFoundError(2, "No such file or directory", "/x")),
        ),
        (RemoteError("Exception", ("a", 1)), "('a', 1)"),
    ],
)
def test_an_error_reads_as_in_python(error: RemoteError, text: str) -> None:
    assert str(error) == text
