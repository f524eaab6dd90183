"""Dialogues with real files: what is done to them, and what then arrives."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from asyncinotify import Inotify

from banish.adapters.sources.file import FileSource
from banish.adapters.sources.lookback import Probe
from banish.adapters.sources.state import Patience
from banish.core.config import LogPath
from banish.core.model import Cursor

if TYPE_CHECKING:  # the helpers of conftest cannot be imported at run time
    from tests.adapters.sources.conftest import Open

    Write = Callable[[Path, bytes], None]

POLLING = Patience(poll=0.01)


def test_what_is_there_is_old_and_what_comes_is_live(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\ntwo\n")
    source = reading(log)
    first = source.next()
    assert (first.source, first.block, first.live) == (str(log), b"one\ntwo\n", False)
    assert source.ask() is None
    write(log, b"three\n")
    second = source.next()
    assert (second.block, second.live) == (b"three\n", True)


def test_a_partial_line_waits_for_its_end(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\ntw")
    source = reading(log)
    assert source.there() == [b"one\n"]
    write(log, b"o")
    assert source.ask() is None
    write(log, b"\nthree")
    assert source.next().block == b"two\n"


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "a" / "b" / "x.log"
    source = reading(log)
    assert source.ask() is None
    assert not source.state().is_there
    assert source.state().error == ""
    log.parent.parent.mkdir()
    assert source.ask() is None
    log.parent.mkdir()
    assert source.ask() is None
    write(log, b"one\n")
    assert source.next().block == b"one\n"
    assert source.state().is_there


def test_a_new_file_of_a_pattern_is_read_from_its_start(tmp_path: Path, reading: Open, write: Write) -> None:
    source = reading(tmp_path / "*" / "*.log")
    assert source.ask() is None
    (tmp_path / "site").mkdir()
    write(tmp_path / "site" / "a.log", b"a\n")
    write(tmp_path / "site" / "a.txt", b"no\n")
    assert source.next().block == b"a\n"
    write(tmp_path / "site" / "b.log", b"b\n")
    assert source.next().source == str(tmp_path / "site" / "b.log")


def test_a_file_that_two_patterns_mean_is_read_once(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log, tmp_path / "*.log", LogPath(str(tmp_path / "x*"), from_end=True))
    assert source.there() == [b"one\n"]


def test_from_the_end_means_what_comes_now(tmp_path: Path, reading: Open, write: Write) -> None:
    log, later = tmp_path / "x.log", tmp_path / "later.log"
    write(log, b"old\nhal")
    cursors = {str(log): Cursor(str(log), "1.1.0.-.00000000")}
    source = reading(LogPath(str(log), from_end=True), LogPath(str(later), from_end=True), cursors=cursors)
    assert source.ask() is None
    write(log, b"f\n")
    lines = source.next()
    assert (lines.block, lines.live) == (b"half\n", True)
    write(later, b"new\n")
    assert source.next().block == b"new\n"


def test_the_caller_finds_where_to_begin(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\ntwo\nthree\n")
    asked = []

    def start(path: str, probe: Probe) -> int:
        asked.append((path, probe.size(), probe.lines(1)))
        return 5  # inside of the second line

    assert reading(log, start=start).there() == [b"two\n", b"three\n"]
    assert asked == [(str(log), 14, [(4, b"two\n"), (8, b"three\n")])]


def test_a_restart_goes_on_where_the_last_block_ended(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\ntw")
    first = reading(log)
    assert first.there() == [b"one\n"]
    first.close()
    write(log, b"o\nthree\n")
    assert reading(log, cursors=first.cursors).there() == [b"two\n", b"three\n"]


def test_a_cursor_of_somebody_else_is_none(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    cursors = {str(log): Cursor(str(log), "s=journal;i=1")}
    assert reading(log, cursors=cursors).there() == [b"one\n"]


def test_no_file_starves_another(tmp_path: Path, reading: Open, write: Write) -> None:
    big, small = tmp_path / "a.log", tmp_path / "b.log"
    write(big, b"0123456789abcde\n" * (1 << 18))  # 4 MiB
    write(small, b"small\n")
    source = reading(big, small)
    order = [source.next().source for _ in range(3)]
    assert str(small) in order[:2]
    assert source.next().source == str(big)


def test_nothing_is_read_before_it_is_asked_for(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log)
    source.next()
    write(log, b"two\n")
    write(log, b"three\n")
    assert source.state().offset == 4
    assert source.next().block == b"two\nthree\n"


def test_two_names_of_one_file_are_both_read(tmp_path: Path, reading: Open, write: Write) -> None:
    log, link = tmp_path / "x.log", tmp_path / "link"
    write(log, b"one\n")
    link.symlink_to(log)
    source = reading(log, link)
    assert source.there() == [b"one\n", b"one\n"]
    write(log, b"two\n")
    assert source.lines(2) == [b"two\n", b"two\n"]


def test_a_link_may_switch_to_another_file(tmp_path: Path, reading: Open, write: Write) -> None:
    one, two, link = tmp_path / "one", tmp_path / "two", tmp_path / "x.log"
    write(one, b"1\n")
    write(two, b"2\n")
    link.symlink_to(tmp_path / "dangling")
    source = reading(link)
    assert source.ask() is None
    link.unlink()
    link.symlink_to(one)
    assert source.next().block == b"1\n"
    assert source.ask() is None
    spare = tmp_path / "spare"
    spare.symlink_to(two)
    write(one, b"1 again\n")
    spare.rename(link)
    assert source.lines(2) == [b"1 again\n", b"2\n"]


def test_what_is_no_file_is_reported_and_others_go_on(tmp_path: Path, reading: Open, write: Write) -> None:
    pipe, log = tmp_path / "pipe", tmp_path / "x.log"
    os.mkfifo(pipe)
    write(log, b"one\n")
    source = reading(pipe, log, tmp_path, patience=POLLING)
    assert source.next().block == b"one\n"
    assert {
        f"{pipe}: not a regular file; tried again every 0.01 s",
        f"{tmp_path}: not a regular file; tried again every 0.01 s",
    } == set(source.notices)
    assert len(source.notices) == 2
    pipe.unlink()
    write(pipe, b"two\n")
    assert source.next().block == b"two\n"
    assert [state.error for state in source.source.status()][:2] == ["", ""]


def test_an_event_that_is_lost_costs_one_look_around(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log, tmp_path / "*.more", patience=POLLING)
    source.next()
    source.ask()
    source.source._watcher.close()
    write(log, b"two\n")
    assert source.next().block == b"two\n"
    write(tmp_path / "x.more", b"more\n")
    assert source.next().block == b"more\n"
    assert not source.state_of(tmp_path / "x.more").is_watched


def test_without_inotify_files_are_looked_at_again_and_again(
    tmp_path: Path, reading: Open, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Inotify, "add_watch", refuse)
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log, patience=POLLING)
    assert source.lines(1) == [b"one\n"]
    assert source.ask() is None
    write(log, b"two\n")
    assert source.lines(1) == [b"two\n"]
    assert not source.state().is_watched
    text = f"{log}: inotify: No space left on device; looked at every 0.01 s instead"
    assert source.notices == [text]


@pytest.mark.slow
def test_a_full_event_queue_leads_to_a_look_at_everything(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, other = tmp_path / "x.log", tmp_path / "other"
    write(log, b"one\n")
    source = reading(log, tmp_path / "*.new")
    source.next()
    source.ask()
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    for number in range(limit // 2 + 10):  # two names in turn, so that equal events are not joined
        other.touch()
        other.unlink()
        (tmp_path / f"other{number % 2}").touch()
        (tmp_path / f"other{number % 2}").unlink()
    write(tmp_path / "x.new", b"new\n")
    assert source.next().block == b"new\n"


def test_closing_ends_the_blocks(tmp_path: Path, reading: Open, write: Write) -> None:
    log = tmp_path / "x.log"
    write(log, b"one\n")
    source = reading(log)
    source.next()
    assert source.ask() is None
    source.source.close()
    assert source.ends()


def test_a_closed_source_has_no_blocks(tmp_path: Path, reading: Open) -> None:
    source = reading(tmp_path / "x.log")
    source.source.close()
    assert source.ends()


def test_a_file_of_a_pattern_that_is_deleted_is_forgotten(
    tmp_path: Path, reading: Open, write: Write
) -> None:
    log, other = tmp_path / "x.log", tmp_path / "y.log"
    write(log, b"one\n")
    source = reading(tmp_path / "*.log", patience=Patience(poll=0.01, linger=0))
    assert source.next().block == b"one\n"
    assert source.ask() is None
    log.unlink()
    write(other, b"two\n")
    assert source.next().block == b"two\n"
    write(other, b"three\n")
    assert source.next().block == b"three\n"
    source.source._look()
    assert source.state().path == str(other)


@pytest.mark.slow
def test_a_thousand_files_are_read(tmp_path: Path, reading: Open, write: Write) -> None:
    for number in range(1000):
        write(tmp_path / f"{number}.log", b"%d\n" % number)
    source = reading(tmp_path / "*.log")
    assert {b"%d\n" % number for number in range(1000)} == set(source.lines(1000))
    write(tmp_path / "500.log", b"again\n")
    assert source.next().block == b"again\n"
    assert source.ask() is None
    assert all(state.is_watched for state in source.source.status())


def test_a_source_that_was_never_read_can_be_closed(tmp_path: Path) -> None:
    source = FileSource([LogPath(str(tmp_path / "x.log"))], {})
    source.close()
    assert source.status() == ()
