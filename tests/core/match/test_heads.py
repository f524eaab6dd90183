"""How lines begin, and that no template dates those with a head that tells."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.pattern import templates
from banish.core.match import heads
from banish.core.match.heads import Heads
from banish.core.match.page import Page
from banish.core.regex.reach import bound

BOUND = [each.regex for each in templates("{^LN-BEG}", 2026)]
DATED = ["2026-01-01 11:00:05 x", "Jan 11 11:00:05 x", "11/Jan/2026:11:00:05", "[1767268830] x", "11:00:05"]
UNDATED = ["192.0.2.7 - - [", "2001:db8::1 - - [", "www.example.org:443 x", "", "2026", "Jan", "-", "\t\t\tx"]
SIGNS = [chr(code) for code in range(33, 127) if not chr(code).isalnum()]


def knowing(*regexes: re.Pattern[str]) -> Heads:
    automata = {each: bound(each.pattern, each.flags) for each in regexes}
    assert all(automata.values())
    return Heads({each: made for each, made in automata.items() if made})


def page(lines: list[str]) -> Page:
    return Page(b"".join(line.encode() + b"\n" for line in lines))


def dated(lines: list[str], known: Heads) -> list[str] | None:
    block = page(lines)
    starts = known.dated(block)
    return None if starts is None else [block.line_at(start).decode() for start in sorted(starts)]


def is_dated(line: str) -> bool:
    return line.isascii() and any(template.search(line) for template in BOUND)


@pytest.mark.parametrize("seed", range(30))
def test_lines_that_a_template_dates_are_found(seed: int) -> None:
    draw, known = random.Random(seed), knowing(*BOUND)
    for _ in range(4):
        lines = [draw.choice(UNDATED).replace("2", str(draw.randrange(10))) for _ in range(300)]
        for _ in range(draw.randrange(4)):
            lines.insert(draw.randrange(300), draw.choice([*DATED, "caf\xe9", "2026-01-01 11:00:05 \xe9"]))
        assert [line for line in lines if is_dated(line)] == dated(lines, known)


@given(st.text("0127-/:. [JanT@", max_size=12) | st.from_regex(BOUND[0], fullmatch=True), st.text(max_size=9))
def test_behind_a_head_that_tells_nothing_is_a_date(begin: str, end: str) -> None:
    line = begin + end
    head = knowing(*BOUND)._head(line) if line.isascii() else ""
    assert not head or not is_dated(line)


def test_a_head_is_as_short_as_can_be() -> None:
    known = knowing(*BOUND)
    assert ["000.", "00.", "0a", "aaa."] == [
        known._head(line) for line in ("192.0.2.7 x", "10.0.0.1", "2a01::1", "www.example.org")
    ]
    assert ["0000-00-00\n", "\n"] == [known._head(line) for line in ("2026-01-01", "")]
    assert ["", ""] == [known._head("2026-01-01 11:00:05"), knowing(re.compile("^x{40}y"))._head("x" * 33)]


def test_many_heads_that_do_not_tell_are_too_many() -> None:
    known = knowing(*BOUND)
    assert dated(["192.0.2.7 x"] * 300, known) == []
    assert dated(["2026-01-01 11:00:05 x"] * 300, known) is None
    assert dated(["192.0.2.7 x"] * 300, known) == []


def test_no_line_may_have_a_head_that_tells() -> None:
    assert dated(["Jan 11 11:00:05"] * 300, knowing(*BOUND)) is None


def test_a_log_that_begins_its_lines_in_ever_new_ways_is_given_up() -> None:
    known = knowing(*BOUND)
    lines = [f"{one}{other}{one}" for one in SIGNS for other in SIGNS]
    for start in range(0, len(lines), 256):
        dated(lines[start : start + 256], known)
    assert not known.is_usable
    assert known.dated(page(["192.0.2.7 x"] * 300)) is None


def test_references_stand_for_what_their_group_may_be() -> None:
    assert knowing(re.compile(r"^(?>(\d))-\1-\1x"))._head("1-1-2x") == ""
    assert knowing(re.compile(r"^(?>(\d))-\1-\1x"))._head("1-1-2-") == "0-0-0-"


def test_the_number_of_rounds_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "_UNTOLD_AT_LEAST", 0)
    monkeypatch.setattr(heads, "_SAMPLE", 20)
    lines = ["192.0.2.7 0"] * 9 + [f"{sign * 3} 0" for sign in SIGNS]
    assert knowing(*BOUND).dated(page(lines)) is None
