"""What is not found to deviate, the template dates."""

from __future__ import annotations

import random

import pytest

from banish.core.dates.pattern import templates
from banish.core.dates.template import Template
from banish.core.match.deviation import deviations

BOUND = templates("{^LN-BEG}", 2026)
ACCESS = templates(r"^[^\[]*\[({DATE})", 2026)[4]
SAMPLES = [
    (BOUND[0], "2026-01-01 11:00:05 x"),
    (BOUND[0], "2026-01-01T11:00:05.123+01:00 x"),
    (BOUND[0], "2026-01-01 11:00:05"),
    (BOUND[1], "Jan 11 11:00:05 host"),
    (BOUND[1], "Jan  1 11:00:05 host"),
    (ACCESS, "192.0.2.1 - - [01/Jan/2026:11:00:05 +0000] x"),
]


def mutated(line: str, draw: random.Random) -> str:
    letters = list(line)
    for _ in range(draw.choice((0, 1, 2, 3))):
        place = draw.randrange(len(letters))
        letters[place] = draw.choice((*"0123456789", *"0123456789", " ", ":", "x", "["))
    return "".join(letters)[: draw.choice((len(line), len(line), draw.randrange(len(line) + 1)))]


@pytest.mark.parametrize(("template", "line"), SAMPLES)
def test_every_line_that_is_not_dated_deviates(template: Template, line: str) -> None:
    search = deviations(template, line)
    assert search is not None
    draw = random.Random(1)
    lines = [mutated(line, draw) for _ in range(2000)]
    starts = [sum(len(each) + 1 for each in lines[:number]) for number in range(len(lines))]
    found = search.lines("".join(each + "\n" for each in lines).encode(), len(lines))
    missed = [
        each
        for start, each in zip(starts, lines, strict=True)
        if start not in found and not template.regex.search(each)
    ]
    assert [] == missed
    assert len(found) < len(lines)


@pytest.mark.parametrize(
    ("template", "line"),
    [
        (BOUND[0], "no date"),
        (BOUND[0], "[2026-01-01 11:00:05] x"),  # what stands in front may be many things
        (templates(r"^(\w+ )?(%Y-%m-%d)", 2026)[0], "a 2026-01-01 x"),
        (templates("{UNB}%Y-%m-%d", 2026)[0], "2026-01-01x"),
        (templates(r"^(?>%Y)-%m", 2026)[0], "2026-01 x"),
    ],
)
def test_where_it_cannot_be_said_nothing_is(template: Template, line: str) -> None:
    assert deviations(template, line) is None
