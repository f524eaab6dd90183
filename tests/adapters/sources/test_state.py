from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from banish.adapters.sources.state import FileState, Patience

if TYPE_CHECKING:  # the helpers of conftest cannot be imported at run time
    from tests.adapters.sources.conftest import Open


def test_a_state_tells_how_far_behind_a_file_is(
    tmp_path: Path, reading: Open, write: Callable[[Path, bytes], None]
) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log)
    assert source.there() == [b"one\n"]
    write(log, b"two\n")
    expected = FileState(str(log), offset=4, behind=4, is_there=True, is_watched=True, error="")
    assert expected == source.state()
    log.unlink()
    assert source.there() == [b"two\n"]
    assert not source.state().is_there


def test_everything_is_looked_at_once_a_second() -> None:
    assert 1.0 == Patience().poll
