"""Do both say the same of a case? And if not, which page of docs/decisions says why.

An explanation is never a tolerance: what a page describes is undone on one side, and then all must be equal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, Protocol

from compat.case import Case
from compat.rows import Outcome, Row
from compat.settled import are_alike, are_earlier, settle, without_nobodies

_BREAKS: Final = re.compile("[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")


class Verdict(Enum):
    """What a comparison says; the text is what a report calls it."""

    SAME = "same"
    REFUSED = "refused by both"
    ODD = "explained by docs/decisions/0014: half an address is no address"
    CLOCK = "explained by docs/decisions/0015: a log has its own time"
    LINE = "explained by docs/decisions/0016: a line is a line"
    DIED = "explained by docs/decisions/0017: no line is a reason to die"
    SLOW = "not decided: it takes too long, or there is no answer"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A verdict and what it rests on; `theirs` is absent where it took too long."""

    verdict: Verdict
    theirs: Outcome | None = None
    ours: Outcome = field(default_factory=Outcome)

    @property
    def first_difference(self) -> str:
        """The first row in which they differ, of each side."""
        if self.theirs is None:
            return ""
        said = (self.theirs.refused, self.ours.refused)
        if any(said):
            return f"refused:\n  fail2ban {said[0]!r}\n  banish   {said[1]!r}"
        theirs, ours = self.theirs.rows, self.ours.rows
        at = next((n for n, (a, b) in enumerate(zip(theirs, ours, strict=False)) if a != b), None)
        at = min(len(theirs), len(ours)) if at is None else at
        died = f"\n  fail2ban died then: {self.theirs.died[-200:]}" if self.theirs.died else ""
        return f"row {at + 1}:\n  fail2ban {theirs[at : at + 1]}\n  banish   {ours[at : at + 1]}{died}"


class TheirJudge(Protocol):
    """The original, or who stands in for it."""

    def judge(self, case: Case) -> Outcome | None:
        """Return what it makes of a case; nothing if it takes too long."""
        ...


class OurJudge(Protocol):
    """Banish, or who stands in for it."""

    def judge(self, case: Case, *, by_real_clock: bool = False) -> Outcome:
        """Return what it makes of a case, by the clock of the log or by that of the day."""
        ...


class Court:
    """Both programs, ready to judge."""

    def __init__(self, theirs: TheirJudge, ours: OurJudge) -> None:
        self.theirs = theirs
        self.ours = ours

    def compare(self, case: Case) -> Comparison:
        """Let both judge a case."""
        theirs = self.theirs.judge(case)
        if theirs is None:
            return Comparison(Verdict.SLOW)
        ours = self.ours.judge(case)
        return Comparison(self._verdict(case, theirs, ours), theirs, ours)

    def _verdict(self, case: Case, theirs: Outcome, ours: Outcome) -> Verdict:
        if theirs.refused or ours.refused:
            both = ours.refused and (theirs.refused or theirs.died)
            return Verdict.REFUSED if both else Verdict.DIFFERENT
        if ours == theirs:
            return Verdict.SAME
        if theirs.died:
            return Verdict.DIED if self._agree_so_far(_plain(case), theirs) else Verdict.DIFFERENT
        log = [line.decode(case.encoding, "replace") for line in case.lines] if case.is_joined else []
        readings = (
            (Verdict.ODD, ours),
            (Verdict.LINE, self.ours.judge(_plain(case))),
            (Verdict.CLOCK, self.ours.judge(_plain(case), by_real_clock=True)),
        )
        wanted = settle(without_nobodies(theirs.rows, theirs.rows))
        for verdict, reading in readings:
            rows = settle(without_nobodies(reading.rows, theirs.rows))
            if rows == wanted:
                return verdict
            if are_alike(wanted, rows, theirs.undated) or are_earlier(wanted, rows, log):
                return Verdict.LINE
        return self._by_lines(case)

    def _by_lines(self, case: Case) -> Verdict:
        """Whether they agree when what only one of them takes for the end of a line is gone."""
        log = _BREAKS.sub("-", case.log.decode(case.encoding, "replace")).encode(case.encoding, "replace")
        if log == case.log or not case.is_joined:
            return Verdict.DIFFERENT
        verdict = self.compare(replace(case, log=log)).verdict
        return Verdict.DIFFERENT if verdict is Verdict.DIFFERENT else Verdict.LINE

    def _agree_so_far(self, case: Case, theirs: Outcome) -> bool:
        """Whether ours begins with the rows that the original had found when it died."""
        wanted = _without_lines(theirs.rows)
        readings = (
            self.ours.judge(case, by_real_clock=by_real_clock).rows for by_real_clock in (False, True)
        )
        return any(_without_lines(rows)[: len(wanted)] == wanted for rows in readings)


def _without_lines(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return settled rows without their evidence, which the original is no longer there to give."""
    return tuple(row._replace(lines=()) for row in settle(rows))


def _plain(case: Case) -> Case:
    """Return the case without the lines that fail2ban-regex passes over."""
    return case.with_lines([line for line in case.lines if not _is_comment(line)])


def _is_comment(line: bytes) -> bool:
    """Whether fail2ban-regex, and nothing else, passes over a line."""
    return line.startswith(b"#") or not line.rstrip(b"\r")
