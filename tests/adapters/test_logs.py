from __future__ import annotations

import asyncio
import io
from datetime import UTC
from pathlib import Path

import pytest

from banish.adapters import logs
from banish.adapters.logs import (
    FileLog,
    Logs,
    OperatorLog,
    StreamLog,
    level_number,
    operator_line,
    stream_log,
)
from banish.core.model import Instant, Note, Subject, Topic

WHO = Subject("192.0.2.50")
AT = Instant(1_763_673_171)
BANNED = Note(Topic.BANNED, AT, "alpha", WHO, values={"failures": 5, "until": AT + 600})
FOUND = Note(Topic.FOUND, AT, "alpha", WHO)


def test_an_event_is_one_line_of_keys_and_values() -> None:
    expected = "banned jail=alpha address=192.0.2.50 failures=5 until=2025-11-20T21:22:51+00:00"
    assert expected == operator_line(BANNED, UTC)


def test_values_with_blanks_are_quoted() -> None:
    note = Note(Topic.SPARED, AT, "alpha", WHO, "logged in over ssh as anna")
    assert operator_line(note, UTC).endswith('why="logged in over ssh as anna"')


def test_what_an_attacker_wrote_cannot_begin_a_line_of_its_own() -> None:
    note = Note(Topic.TROUBLE, AT, text="odd line: x\nbanned jail=sshd address=198.51.100.1")
    assert "\n" not in operator_line(note, UTC)


def test_what_an_attacker_wrote_is_cut() -> None:
    assert len(operator_line(Note(Topic.TROUBLE, AT, text="x y" * 10_000), UTC)) < 600


def test_a_ban_without_an_end_says_never() -> None:
    assert operator_line(Note(Topic.BANNED, AT, "alpha", WHO, values={"until": "never"}), UTC).endswith(
        "until=never"
    )


def test_figures_are_short() -> None:
    assert "a=1.5" in operator_line(Note(Topic.TROUBLE, AT, values={"a": 1.5}), UTC)


def test_the_operator_reads_a_line_for_each_event() -> None:
    stream = io.StringIO()
    log = OperatorLog(stream, UTC)
    log.note(FOUND)
    log.note(BANNED)
    assert ["found", "banned"] == [line.split()[0] for line in stream.getvalue().splitlines()]


def test_a_closed_stream_is_nobodys_trouble() -> None:
    stream = io.StringIO()
    stream.close()
    OperatorLog(stream, UTC).note(BANNED)


class Counting(io.StringIO):
    """A stream that remembers each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return super().write(text)


def test_events_of_one_turn_of_the_loop_are_written_at_once() -> None:
    async def play() -> list[str]:
        stream = Counting()
        log = OperatorLog(stream, UTC)
        for turn in ((FOUND, BANNED), (FOUND,)):
            for note in turn:
                log.note(note)
            await asyncio.sleep(0)  # the next turn
        return stream.writes

    assert [2, 1] == [text.count("\n") for text in asyncio.run(play())]


def test_what_waits_is_written_when_the_log_is_closed(tmp_path: Path) -> None:
    async def play() -> None:
        log = FileLog(tmp_path / "log", UTC, "INFO")
        log.note(BANNED)
        log.close()

    asyncio.run(play())
    assert (tmp_path / "log").read_text().endswith("Ban 192.0.2.50\n")


def test_what_waits_goes_into_the_file_that_was_open(tmp_path: Path) -> None:
    async def play() -> None:
        log = FileLog(tmp_path / "log", UTC, "INFO")
        log.note(BANNED)
        (tmp_path / "log").rename(tmp_path / "log.1")
        log.reopen()
        log.close()

    asyncio.run(play())
    assert "Ban" in (tmp_path / "log.1").read_text()
    assert not (tmp_path / "log").read_text()


def test_an_event_in_a_thread_is_written_by_that_thread() -> None:
    async def play() -> list[str]:
        stream = Counting()
        await asyncio.to_thread(OperatorLog(stream, UTC).note, BANNED)
        return stream.writes

    assert 1 == len(asyncio.run(play()))


def test_a_level_hides_what_is_below_it() -> None:
    stream = io.StringIO()
    log = StreamLog(stream, UTC, "NOTICE", has_time=False)
    log.note(FOUND)
    log.note(BANNED)
    assert ["Ban"] == [line.split()[-2] for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(("number", "name"), [(25, "notice"), (7, "7"), (20, "odd")])
def test_a_level_is_a_name_or_a_number(number: int, name: str) -> None:
    assert number == level_number(name)


def test_a_file_is_appended_to(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    log = FileLog(path, UTC, "INFO")
    log.note(BANNED)
    log.close()
    assert ["before", "NOTICE  [alpha] Ban 192.0.2.50"] == [
        line[-30:] for line in path.read_text().splitlines()
    ]


def test_a_file_that_was_rotated_away_is_opened_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "REOPEN_AFTER", 0.0)
    path = tmp_path / "log"
    log = FileLog(path, UTC, "INFO")
    path.rename(tmp_path / "log.1")
    log.note(BANNED)
    log.note(BANNED)
    log.close()
    assert 2 == len(path.read_text().splitlines())
    assert not (tmp_path / "log.1").read_text()


def test_the_old_file_goes_on_where_a_new_one_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    log = FileLog(tmp_path / "logs" / "log", UTC, "INFO")
    (tmp_path / "logs").rename(tmp_path / "elsewhere")
    log.reopen()
    log.note(BANNED)
    log.close()
    assert "Ban" in (tmp_path / "elsewhere" / "log").read_text()


def test_text_that_is_no_unicode_is_written_all_the_same(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "log", UTC, "INFO")
    log.note(Note(Topic.TROUBLE, AT, text="\udcff"))
    log.close()
    assert r"\udcff" in (tmp_path / "log").read_text()


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FileLog(tmp_path / "missing" / "log", UTC, "INFO")


@pytest.mark.parametrize(("target", "starts"), [("STDOUT", "20"), ("SYSOUT", "fail2ban.")])
def test_sysout_leaves_the_time_to_others(
    capsys: pytest.CaptureFixture[str], target: str, starts: str
) -> None:
    stream_log(target, UTC, "INFO").note(BANNED)
    assert capsys.readouterr().out.startswith(starts)


def test_stderr_is_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    stream_log("STDERR", UTC, "INFO").note(BANNED)
    assert "Ban" in capsys.readouterr().err


def test_several_logs_get_the_same() -> None:
    one, two = io.StringIO(), io.StringIO()
    Logs([OperatorLog(one, UTC), OperatorLog(two, UTC)]).note(BANNED)
    assert one.getvalue() == two.getvalue() != ""
