from __future__ import annotations

from banish.core.model import Instant
from banish.core.sessions import Verdict
from banish.core.trial import Reading
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure
from banish.faces.fail2ban.tally import PREFIXES, Kind, Tally


def line(text: str) -> Line:
    return Line("", "", text)


def failure(rule: int = 0, verdict: Verdict = Verdict.FAILURE) -> Failure:
    return Failure(rule, f"id{rule}", Instant(1), verdict, {}, ())


def tally(*, maxlines: int = 1, limit: int | None = None, marks: bool = False) -> Tally:
    return Tally(Kind(limit), Kind(limit), Kind(limit), maxlines=maxlines, marks=marks)


def texts(kind: Kind) -> list[str]:
    return [each.whole for each in kind.lines]


def test_every_line_has_one_fate() -> None:
    counts = tally()
    counts.add(Reading(line("missed")), [])
    counts.add(Reading(line("matched")), [failure(), failure(2)])
    counts.add(Reading(line("waits")), [failure(verdict=Verdict.PENDING)])
    counts.add(Reading(line("ignored"), ignored_by=1), [])
    counts.add(Reading(line("forgiven")), [failure(), failure(1, Verdict.FORGIVEN)])
    counts.close()
    assert 5 == counts.total
    assert ["matched", "waits"] == texts(counts.matched)
    assert ["ignored", "forgiven"] == texts(counts.ignored)
    assert ["missed"] == texts(counts.missed)
    assert ({0: 3, 1: 1, 2: 1}, {1: 1}) == (counts.fail_hits, counts.ignore_hits)


def test_a_line_that_a_later_match_takes_was_not_missed() -> None:
    counts = tally(maxlines=3)
    for text in ("a", "b", "c"):
        counts.add(Reading(line(text)), [])
    counts.add(Reading(line("d"), taken=(line("c"), line("d"))), [failure()])
    counts.close()
    assert ["c", "d"] == texts(counts.matched)
    assert ["a", "b"] == texts(counts.missed)


def test_what_nobody_wants_to_see_is_counted_and_not_kept() -> None:
    counts = tally(limit=1)
    for _ in range(3):
        counts.add(Reading(line("x")), [])
    assert (3, ["x"]) == (counts.missed.count, texts(counts.missed))


def test_the_first_prefixes_are_kept() -> None:
    counts = tally()
    for _ in range(PREFIXES + 5):
        counts.add(Reading(line("x"), prefix={}), [])
    counts.add(Reading(line("x")), [])
    assert (PREFIXES + 5, PREFIXES) == (counts.prefix_hits, len(counts.prefixes))


def test_matches_are_remembered_on_demand_and_from_the_third_on_marked() -> None:
    assert {} == tally().marks
    counts = tally(marks=True)
    counts.add(Reading(line("x")), [failure(0), failure(1, Verdict.FORGIVEN), failure(2), failure(3)])
    assert {0: False, 1: False, 2: False, 3: True} == {
        rule: mark.is_third for rule, (mark,) in counts.marks.items()
    }
    assert ("id3", Instant(1)) == counts.marks[3][0][:2]
