from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from banish.adapters.sources.lookback import NEAR, SLACK, find_start
from banish.core.model import Instant


class Text:
    """A log in memory; counts how often somebody looked."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.content = b"".join(lines)
        self.looks = 0

    def size(self) -> int:
        return len(self.content)

    def lines(self, offset: int) -> Sequence[tuple[int, bytes]]:
        self.looks += 1
        end = self.content.find(b"\n", offset - 1) if offset else -1
        if offset and end < 0:
            return []
        at = end + 1
        window = self.content[at : at + NEAR].splitlines(keepends=True)
        found = []
        for line in window:
            found.append((at, line))
            at += len(line)
        return found


def date_of(line: bytes) -> Instant | None:
    word = line.split(b" ")[0]
    return Instant(float(word)) if word.isdigit() else None


def log(times: Sequence[float], *, undated: int = 0) -> list[bytes]:
    return [b"%d something that was logged\n" % time + b"  at Some.where\n" * undated for time in times]


def test_a_small_file_is_read_whole() -> None:
    text = Text(log(range(100)))
    assert 0 == find_start(text, date_of, Instant(1e9))
    assert 0 == text.looks


def test_of_a_big_file_little_more_than_what_counts_is_read() -> None:
    text = Text(log(range(0, 1_000_000, 5)))
    start = find_start(text, date_of, Instant(900_000))
    first = date_of(text.content[start:])
    assert first is not None
    assert 900_000 - SLACK - NEAR <= first < 900_000 - SLACK
    assert text.looks < 20


def test_a_file_that_is_all_too_old_is_read_from_near_its_end() -> None:
    text = Text(log(range(100_000)))
    assert text.size() - NEAR <= find_start(text, date_of, Instant(1e9)) < text.size()


@pytest.mark.parametrize("word", [b"no date", b""])
def test_a_file_without_dates_is_read_whole(word: bytes) -> None:
    assert 0 == find_start(Text([word + b"\n"] * 100_000), date_of, Instant(1e9))


def test_one_endless_line_is_read_whole() -> None:
    assert 0 == find_start(Text([b"1 " + b"a" * 10 * NEAR]), date_of, Instant(1e9))


@pytest.mark.parametrize("seed", range(30))
def test_no_line_that_counts_is_passed_over(seed: int) -> None:
    rng = random.Random(seed)
    now, times = 1_000_000.0, []
    for _ in range(30_000):
        now += rng.random() * rng.choice((1, 1, 1000))
        times.append(max(0.0, now - rng.random() * SLACK * 0.9))  # out of order, as after a change of clocks
    oldest = Instant(rng.uniform(times[0], now))
    lines = log(times, undated=rng.choice((0, 3)))
    start = find_start(Text(lines), date_of, oldest)
    passed = b"".join(lines)[:start].splitlines()
    assert [] == [line for line in passed if (date_of(line) or 0) >= oldest]
