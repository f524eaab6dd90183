"""The slow way, which knows the fate of every line, finds the failures that the fast way finds."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC

from banish.core.config import Config, JailConfig, Rule
from banish.core.model import Cursor, Hit, Instant, Lines
from banish.core.rules import Calendar, Program, compile_config
from banish.core.trial import Fate
from banish.faces.cli.tryout import Row, Total, judgements, matches

NOW = Instant(1767268800)
IP4 = r"(?P<ip4>192\.0\.2\.\d+)"


def written(*texts: str) -> tuple[Rule, ...]:
    return tuple(Rule(text, text) for text in texts)


PLAIN = JailConfig("plain", failregex=written(f"^ bad {IP4}$", f"^ worse {IP4}"), ignoreregex=written(r"\.7"))
STORY = JailConfig(
    "story",
    prefregex=Rule("", r"^ (?P<mlfid>c\d) (?P<content>.*)$"),
    failregex=written(rf"^(?P<nofail>open) {IP4}", "^bad (?P<user>.*)"),
)
PAGE = JailConfig("page", maxlines=3, failregex=written(rf"^ first {IP4}\n(?P<skiplines>(?:.*\n)*?) third"))
WORDS = (
    "2026-01-01 11:00:00 bad 192.0.2.1",
    "2026-01-01 11:00:01 bad 192.0.2.7",
    "2026-01-01 11:00:02 worse 192.0.2.3",
    "2026-01-01 11:00:03 c1 open 192.0.2.4",
    "2026-01-01 11:00:04 c1 bad anna",
    "2026-01-01 11:00:05 c2 bad bert",
    "2026-01-01 11:00:06 first 192.0.2.5",
    "2026-01-01 11:00:07 second",
    "2026-01-01 11:00:08 third",
    "2026-02-30 11:00:09 bad 192.0.2.6",
    "",
    " bad 192.0.2.8\r",
    "\x00",
)


def program(*jails: JailConfig) -> Program:
    compiled, problems = compile_config(Config(jails), Calendar(UTC, 2026))
    assert () == problems
    return compiled


def blocks(*texts: Sequence[str]) -> list[Lines]:
    return [
        Lines("log", "".join(f"{line}\n" for line in text).encode(), Cursor("log", "0"), live=False)
        for text in texts
    ]


def judged(jails: Sequence[JailConfig], *texts: str) -> tuple[list[Row], Total]:
    total = Total()
    return list(judgements(program(*jails), blocks(texts), NOW, total)), total


def test_both_ways_find_the_same_failures() -> None:
    chance = random.Random(7)
    for _ in range(50):
        texts = [[chance.choice(WORDS) for _ in range(chance.randrange(1, 12))] for _ in range(3)]
        fast, slow = Total(), Total()
        rules = program(PLAIN, STORY, PAGE)
        found = list(matches(rules, blocks(*texts), NOW, fast))
        other = [row for row in judgements(rules, blocks(*texts), NOW, slow) if row.hits]
        assert [(row.number, row.text, bare(row.hits)) for row in found] == [
            (row.number, row.text, bare(row.hits)) for row in other
        ]
        assert fast.lines == slow.lines == sum(map(len, texts))


def bare(hits: Sequence[Hit]) -> list[tuple[object, ...]]:
    return [(hit.jail, hit.subject, hit.at, hit.rule, hit.lines, dict(hit.fields)) for hit in hits]


def test_a_line_without_a_failure_has_the_best_of_its_fates() -> None:
    rows, _ = judged((PLAIN, STORY), *WORDS[:6], "2026-01-01 11:00:00 c1 hello", WORDS[7])
    assert [
        Fate.FAILURE,
        Fate.IGNORED,
        Fate.FAILURE,
        Fate.FORGIVEN,
        Fate.FAILURE,
        Fate.PENDING,
        Fate.UNMATCHED,
        Fate.UNMATCHED,
    ] == [row.fate for row in rows]


def test_what_the_expressions_saw_is_told() -> None:
    (content, *_), _ = judged((STORY,), "[2026-01-01 11:00:00] c1 hello", "")
    assert () == content.hits
    rows, _ = judged((STORY,), "2026-01-01 11:00:00 c1 hello", "2026-01-01 11:00:00 x", "y")
    assert [("hello",), ("", " x"), ("y",)] == [row.seen for row in rows]


def test_lines_that_a_later_failure_takes_are_not_missed() -> None:
    rows, total = judged((PAGE,), WORDS[0], *WORDS[6:9], WORDS[7])
    assert [(1, 0), (4, 1), (3, 0), (5, 0)] == [(row.number, len(row.hits)) for row in rows]
    assert 5 == total.lines


def test_lines_without_a_date_are_counted() -> None:
    _, total = judged((PLAIN,), WORDS[0], "a", "b")
    assert (3, 2, 2) == (total.lines, total.undated, total.first_undated)
