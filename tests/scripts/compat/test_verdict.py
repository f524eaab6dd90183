"""What is the same, what a decision explains, and what differs; with programs that say what they are told."""

from __future__ import annotations

from collections.abc import Callable

from compat.case import Case
from compat.rows import Outcome, Row
from compat.verdict import Court, Verdict

ROW = Row("192.0.2.1", 1.0, (("ip4", "192.0.2.1"),))
OTHER = ROW._replace(at=2.0)


class Told:
    """A program as both sides see it: a function of the case and of whose clock counts."""

    def __init__(self, says: Callable[[Case, bool], Outcome | None]) -> None:
        self._says = says

    def judge(self, case: Case, *, by_real_clock: bool = False) -> Outcome:
        outcome = self._says(case, by_real_clock)
        assert outcome is not None
        return outcome


class Quiet:
    """A program that takes too long."""

    def judge(self, _: Case) -> Outcome | None:
        return None


def always(*rows: Row, refused: str = "", died: str = "") -> Told:
    return Told(lambda _, __: Outcome(rows, refused, died))


def verdict(theirs: Told | Quiet, ours: Told, log: bytes = b"x\n") -> Verdict:
    return Court(theirs, ours).compare(Case("x", log, definition="maxlines = 2")).verdict


def test_equal_rows_are_the_same() -> None:
    assert verdict(always(ROW), always(ROW)) is Verdict.SAME
    assert verdict(always(ROW), always(OTHER)) is Verdict.DIFFERENT
    assert verdict(always(ROW), always()) is Verdict.DIFFERENT
    assert verdict(always(), always(ROW)) is Verdict.DIFFERENT


def test_both_have_to_refuse() -> None:
    assert verdict(always(refused="no"), always(refused="never")) is Verdict.REFUSED
    assert verdict(always(died="Traceback"), always(refused="never")) is Verdict.REFUSED
    assert verdict(always(refused="no"), always()) is Verdict.DIFFERENT
    assert verdict(always(), always(refused="never")) is Verdict.DIFFERENT


def test_what_takes_too_long_is_not_decided() -> None:
    assert verdict(Quiet(), always()) is Verdict.SLOW


def test_a_difference_that_goes_with_the_clock_is_the_clocks() -> None:
    ours = Told(lambda _, by_real_clock: Outcome((ROW if by_real_clock else OTHER,)))
    assert verdict(always(ROW), ours) is Verdict.CLOCK


def test_a_difference_that_goes_with_a_comment_is_the_lines() -> None:
    ours = Told(lambda case, _: Outcome((ROW,) if case.log == b"x\n" else (ROW, OTHER)))
    assert verdict(always(ROW), ours, b"#x\nx\n\r\n") is Verdict.LINE


def test_a_difference_that_goes_with_another_end_of_line_is_the_lines() -> None:
    theirs = Told(lambda case, _: Outcome((OTHER if b"\x0c" in case.log else ROW,)))
    assert verdict(theirs, always(ROW), b"a\x0cb\n") is Verdict.LINE
    assert verdict(theirs, always(), b"a\x0cb\n") is Verdict.DIFFERENT


def test_a_difference_in_evidence_that_is_a_line_too_early_is_the_lines() -> None:
    early, late = (ROW._replace(lines=lines) for lines in (("a", "b"), ("a", "c")))
    assert verdict(always(early), always(late), b"a\nb\nc\n") is Verdict.LINE
    assert verdict(always(late), always(early), b"a\nb\nc\n") is Verdict.DIFFERENT


def test_who_died_must_have_begun_alike() -> None:
    assert verdict(always(ROW, died="Traceback"), always(ROW, OTHER)) is Verdict.DIED
    assert verdict(always(OTHER, died="Traceback"), always(ROW, OTHER)) is Verdict.DIFFERENT


def test_the_first_difference_is_told() -> None:
    court = Court(always(ROW, ROW, died="Traceback: boom"), always(ROW, OTHER))
    told = court.compare(Case("x", b"x\n")).first_difference
    assert told.startswith("row 2:")
    assert "boom" in told
    assert "refused" in Court(always(refused="no"), always()).compare(Case("x", b"")).first_difference
    assert "" == Court(Quiet(), always()).compare(Case("x", b"")).first_difference
