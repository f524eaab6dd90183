from __future__ import annotations

from banish.core.config import IgnoreCache
from banish.core.model import Hit, Instant, Seconds, Subject
from banish.core.verdicts import Verdicts


def hit(subject: str) -> Hit:
    return Hit("sshd", Subject(subject), Instant(0), 0)


def verdicts(most: int = 2) -> Verdicts:
    return Verdicts(IgnoreCache(lambda each: each.subject, most, Seconds(10)))


def test_a_verdict_is_believed_for_a_time() -> None:
    known = verdicts()
    known.put(hit("a"), Instant(0), is_known=True)
    known.put(hit("b"), Instant(5), is_known=False)
    assert (True, False) == (known.get(hit("a"), Instant(9.9)), known.get(hit("b"), Instant(9.9)))
    assert (None, False) == (known.get(hit("a"), Instant(10)), known.get(hit("b"), Instant(10)))


def test_nothing_is_known_of_others() -> None:
    assert verdicts().get(hit("a"), Instant(0)) is None


def test_beyond_the_cap_the_oldest_goes() -> None:
    known = verdicts()
    for at, subject in enumerate("aba"):
        known.put(hit(subject), Instant(at), is_known=True)
    known.put(hit("c"), Instant(3), is_known=True)
    assert 2 == len(known)
    assert [True, None, True] == [known.get(hit(each), Instant(3)) for each in "abc"]
