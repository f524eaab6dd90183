from __future__ import annotations

import asyncio
import io

import pytest

from banish.adapters.logs.pen import Pen, one_line


class Counting(io.StringIO):
    """A stream that remembers each write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return super().write(text)


def test_a_line_is_written_at_once_where_no_loop_runs() -> None:
    stream = Counting()
    Pen(stream).write(["a"])
    assert ["a\n"] == stream.writes


def test_lines_of_one_turn_of_the_loop_are_written_at_once() -> None:
    async def play() -> list[str]:
        stream = Counting()
        pen = Pen(stream)
        for turn in ("ab", "c"):
            for line in turn:
                pen.write([line])
            await asyncio.sleep(0)  # the next turn
        return stream.writes

    assert ["a\nb\n", "c\n"] == asyncio.run(play())


def test_a_line_of_a_thread_is_written_by_that_thread() -> None:
    async def play() -> list[str]:
        stream = Counting()
        await asyncio.to_thread(Pen(stream).write, ["a"])
        return stream.writes

    assert ["a\n"] == asyncio.run(play())


def test_a_closed_stream_is_nobodys_trouble() -> None:
    stream = io.StringIO()
    stream.close()
    Pen(stream).write(["a"])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a b\u00f6 \U0001f600", "a b\u00f6 \U0001f600"),
        ("a\nb\r", r"a\x0ab\x0d"),
        ("\x1b[2J\x9b\x7f", r"\x1b[2J\x9b\x7f"),
        ("a\tb\udcff\xa0", "a\tb\udcff\xa0"),
    ],
)
def test_what_an_attacker_wrote_begins_no_line_and_commands_no_terminal(text: str, line: str) -> None:
    assert line == one_line(text)
