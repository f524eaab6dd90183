"""Effects come in order: protect, remember, ask, tell."""

from __future__ import annotations

from banish.core.model import (
    Ask,
    Ban,
    Block,
    Cursor,
    Exemption,
    Instant,
    Note,
    OwnAddresses,
    Place,
    Release,
    Replace,
    Save,
    Subject,
    Topic,
)
from banish.core.outcome import Outcome

ANNA, BERT = Subject("192.0.2.1"), Subject("192.0.2.2")
BAN = Ban("sshd", ANNA, Instant(0), Instant(10))
LONGER = (Place("sshd", BERT), Instant(20))
NOTE = Note(Topic.BANNED, Instant(0))
CURSOR = Cursor("log", "7")


def test_nothing_comes_of_nothing() -> None:
    outcome = Outcome()
    assert not outcome.must_be_saved
    assert [] == outcome.effects(())


def test_the_order_does_not_depend_on_when_it_was_said() -> None:
    outcome = Outcome()
    outcome.note(NOTE)
    outcome.ask(OwnAddresses())
    outcome.release(Place("web", ANNA))
    outcome.extend(*LONGER)
    outcome.ban(BAN)
    assert [
        Block(((BAN.place, BAN.until), LONGER)),
        Release((Place("web", ANNA),)),
        Save((BAN,), (LONGER,), (Place("web", ANNA),), (CURSOR,)),
        Ask(OwnAddresses()),
        NOTE,
    ] == outcome.effects((CURSOR,))


def test_the_whole_wish_takes_the_place_of_single_changes() -> None:
    outcome = Outcome()
    outcome.ban(BAN)
    outcome.replace = Replace(())
    assert [Replace(()), Save((BAN,))] == outcome.effects(())


def test_cursors_alone_are_saved() -> None:
    assert [Save(cursors=(CURSOR,))] == Outcome().effects((CURSOR,))


def test_what_is_exempted_taken_back_or_forgiven_must_be_saved() -> None:
    outcome = Outcome()
    outcome.exempt(Exemption(ANNA))
    outcome.unexempt(BERT)
    outcome.forgive(Place("sshd", ANNA))
    assert outcome.must_be_saved
    saved = Save(released=(Place("sshd", ANNA),), exemptions=(Exemption(ANNA),), unexempted=(BERT,))
    assert [saved] == outcome.effects(())
