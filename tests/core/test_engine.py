"""Dialogues with the engine: time, firewall, restart, reload, and what persons want."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.dialogue import ANNA, BERT, CARL, NET, Dialogue, Reply, cursor

from banish.core import engine as module
from banish.core.config import Growth, JailConfig
from banish.core.count import Count
from banish.core.engine import Explanation
from banish.core.jail import JailStatus
from banish.core.model import (
    FOREVER,
    NEVER,
    Ban,
    Evidence,
    Exemption,
    Found,
    Hit,
    Instant,
    Memory,
    Offender,
    Origin,
    OwnAddresses,
    Place,
    ReadList,
    Resolve,
    Seconds,
    Subject,
    Surroundings,
    Topic,
)

SSHD = JailConfig("sshd", maxretry=2, findtime=Seconds(600), bantime=Seconds(600), guard=False)
WEB = replace(SSHD, name="web")
PLACE = ("sshd", ANNA)


# ------------------------------------------------------------------------------------------------- order


def test_effects_come_in_the_order_protect_remember_ask_tell() -> None:
    talk = Dialogue(SSHD, replace(WEB, guard=True, maxretry=1))
    talk.hit("sshd", ANNA)
    both = Found((Hit("web", BERT, Instant(0), 0), Hit("sshd", ANNA, Instant(0), 0)))
    assert ["Block", "Save", "Ask", "Note"] == talk.tell(both).kinds


# --------------------------------------------------------------------------------------------------- time


def test_an_expired_ban_is_noted_and_the_kernel_left_alone() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA, ANNA)
    assert [] == talk.at(599.9).tick().topics
    reply = talk.at(600).tick()
    assert ["Note"] == reply.kinds
    assert ["time is over"] == reply.texts(Topic.UNBANNED)
    assert {} == talk.wish()


def test_the_engine_asks_to_be_woken_for_the_next_chore_and_only_if_that_changed() -> None:
    talk = Dialogue(SSHD)
    assert module.HOUSEKEEPING == talk.start.wake
    assert talk.at(1).hit("sshd", ANNA).wake is None
    assert 2 == talk.at(1).hit("sshd", cursor=cursor(1)).wake
    assert talk.at(1.5).hit("sshd", cursor=cursor(2)).wake is None
    assert module.HOUSEKEEPING == talk.at(2).tick().wake


def test_every_chore_that_is_due_is_done_so_that_the_next_lies_ahead() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA, ANNA, cursor=cursor(1))
    talk.fail()
    for now in (601, 700, 5000):
        wake = talk.at(now).tick().wake
        assert wake is not None
        assert wake > now


def test_failures_and_exemptions_without_meaning_are_forgotten() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA)
    talk.exempt("10.0.0.0/8", until=50)
    assert (1, 1) == (talk.engine.status()[0].failing, len(talk.engine.exemptions()))
    talk.at(601).tick()
    assert (0, 0) == (talk.engine.status()[0].failing, len(talk.engine.exemptions()))


def test_addresses_of_names_and_lists_are_asked_for_at_the_start_and_every_minute() -> None:
    jail = replace(SSHD, ignoreip=("a.example", "file:/etc/friends", "10.0.0.0/8"))
    questions = [OwnAddresses(), Resolve("a.example"), ReadList("/etc/friends")]
    talk = Dialogue(jail, replace(jail, name="web"))
    assert questions == talk.start.asked
    assert [] == talk.at(59).tick().asked
    assert questions == talk.at(60).tick().asked
    assert [] == talk.at(61).tick().asked


# ---------------------------------------------------------------------------------------------- questions


def test_a_question_about_a_failure_is_answered_by_counting_it_or_not() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, ignorecommand="/bin/known"))
    assert [Resolve("a.example")] == talk.name("sshd", "a.example").asked
    known, unknown = talk.resolve(Resolve("a.example"), ANNA, BERT).asked
    assert ["command"] == talk.check(known, is_known=True).texts(Topic.IGNORED)
    assert {("sshd", BERT): 600} == talk.check(unknown, is_known=False).blocks


def test_an_answer_for_a_jail_that_is_gone_is_dropped() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, ignorecommand="/bin/known"))
    (question,) = talk.hit("sshd", ANNA).asked
    talk.adopt()
    assert [] == talk.check(question, is_known=False).effects


def test_this_machine_is_who_it_was_answered_to_be() -> None:
    talk = Dialogue(SSHD)
    talk.resolve(OwnAddresses(), ANNA)
    assert ["ignoreself rule"] == talk.hit("sshd", ANNA).texts(Topic.IGNORED)


# ------------------------------------------------------------------------------------------------ cursors


def test_a_cursor_alone_is_saved_after_a_second() -> None:
    talk = Dialogue(SSHD)
    assert () == talk.at(10).hit("sshd", cursor=cursor(1)).saved.cursors
    assert () == talk.at(10.5).hit("sshd", cursor=cursor(2)).saved.cursors
    assert () == talk.at(10.9).tick().saved.cursors
    assert (cursor(2),) == talk.at(11).tick().saved.cursors
    assert () == talk.at(12).tick().saved.cursors


def test_a_ban_takes_the_cursors_along() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", cursor=cursor(7, "other"))
    reply = talk.hit("sshd", ANNA, ANNA, cursor=cursor(1))
    assert (cursor(7, "other"), cursor(1)) == reply.saved.cursors
    assert 1 == len(reply.saved.bans)
    assert () == talk.at(5).tick().saved.cursors


def test_a_cursor_is_not_saved_before_the_bans_found_before_it() -> None:
    talk = Dialogue(replace(SSHD, guard=True))
    talk.hit("sshd", cursor=cursor(7, "other"))
    talk.hit("sshd", ANNA, ANNA, cursor=cursor(1))
    assert (cursor(7, "other"),) == talk.at(3).tick().saved.cursors
    assert () == talk.at(3).ban("sshd", CARL).saved.cursors
    reply = talk.at(4).look()
    assert [ANNA] == [ban.subject for ban in reply.saved.bans]
    assert (cursor(1),) == reply.saved.cursors


def test_a_cursor_is_saved_although_the_guard_spared_everybody() -> None:
    talk = Dialogue(replace(SSHD, guard=True))
    talk.hit("sshd", ANNA, ANNA, cursor=cursor(1))
    assert () == talk.at(4).look({ANNA: "logged in"}).saved.cursors
    assert (cursor(1),) == talk.at(5).tick().saved.cursors


def test_at_the_end_cursors_are_saved_but_those_held_back() -> None:
    talk = Dialogue(replace(SSHD, guard=True))
    talk.hit("sshd", cursor=cursor(7, "other"))
    talk.hit("sshd", ANNA, ANNA, cursor=cursor(1))
    assert (cursor(7, "other"),) == Reply(talk.engine.stop()).saved.cursors
    assert [] == Reply(talk.engine.stop()).effects


# ----------------------------------------------------------------------------------------------- firewall


def test_after_the_first_failure_everything_is_wished_anew_at_once() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA, ANNA)
    reply = talk.at(1).fail("no such set")
    assert ["Replace", "Note"] == reply.kinds
    assert {PLACE: 600} == reply.replaced
    assert ["no such set; everything is enforced anew"] == reply.texts(Topic.TROUBLE)


def test_the_pauses_grow_while_the_trouble_lasts() -> None:
    talk = Dialogue(SSHD)
    now = 10.0
    talk.at(now).fail()
    for pause in (1, 2, 5, 10, 30, 60, 60):
        reply = talk.fail()
        assert [f"no such set; everything is enforced anew in {pause} s"] == reply.texts(Topic.TROUBLE)
        assert talk.at(now + pause - 0.5).tick().replaced is None
        now += pause
        assert {} == talk.at(now).tick().replaced


def test_failures_during_a_pause_neither_prolong_it_nor_fill_the_log() -> None:
    talk = Dialogue(SSHD)
    talk.fail()
    talk.fail()
    for now in (0.2, 0.4, 0.6, 0.8):
        assert [] == talk.at(now).fail().effects
    assert {} == talk.at(1).tick().replaced


def test_after_two_calm_minutes_the_pauses_begin_anew() -> None:
    talk = Dialogue(SSHD)
    talk.fail()
    talk.at(119).tick()
    talk.at(119.5).fail()
    assert {} == talk.at(120.5).tick().replaced
    talk.at(240.5).tick()
    assert {} == talk.at(241).fail().replaced


# ------------------------------------------------------------------------------------------------ restart


def ban(subject: str, until: float, jail: str = "sshd") -> tuple[Place, Instant]:
    return Place(jail, Subject(subject)), Instant(until)


def test_a_start_wishes_and_tells_what_is_remembered() -> None:
    talk = Dialogue(SSHD, memory=Memory([ban(ANNA, 500), ban(BERT, NEVER)]))
    assert {PLACE: 500, ("sshd", BERT): NEVER} == talk.start.replaced
    assert [Topic.RESTORED] * 2 == talk.start.topics
    assert [{"until": 500}, {"until": "never"}] == [note.values for note in talk.start.notes]
    assert ["Replace", "Ask", "Note"] == talk.start.kinds


def test_what_is_over_exempt_or_of_no_jail_is_not_restored() -> None:
    bans = [ban(ANNA, 500, "gone"), ban(ANNA, 0), ban(BERT, 500), ban(CARL, 500)]
    jail = replace(SSHD, ignoreip=(CARL,))
    talk = Dialogue(jail, memory=Memory(bans, strays=bans, exemptions=[Exemption(BERT)]))
    assert {} == talk.start.replaced
    assert [] == talk.start.topics
    assert (Exemption(BERT),) == talk.engine.exemptions()


def test_many_restored_bans_are_told_in_one_line(inside: pytest.MonkeyPatch) -> None:
    inside.setattr(module, "NOTED_RESTORES", 2)
    many = [ban(f"10.0.0.{number}", 500) for number in range(5)]
    talk = Dialogue(SSHD, memory=Memory(many))
    assert ["", "", "5 bans; the first 2 are named"] == talk.start.texts(Topic.RESTORED)


def test_restored_bans_end_when_they_were_said_to_unlike_pitfall_48() -> None:
    talk = Dialogue(SSHD, memory=Memory([ban(ANNA, NEVER), ban(BERT, 5000)]))
    assert {PLACE: NEVER, ("sshd", BERT): 5000} == talk.start.replaced


def test_bans_known_to_the_kernel_only_are_remembered_from_now_on() -> None:
    talk = Dialogue(SSHD, memory=Memory([ban(ANNA, 500)], strays=[ban(ANNA, 400), ban(BERT, 300)]))
    assert {PLACE: 500, ("sshd", BERT): 300} == talk.start.replaced
    assert (Ban("sshd", BERT, Instant(0), Instant(300), origin=Origin.KERNEL),) == talk.start.saved.bans
    assert ["", "known to the kernel only"] == talk.start.texts(Topic.RESTORED)


def test_remembered_offenders_are_banned_for_longer() -> None:
    jail = replace(SSHD, growth=Growth())
    talk = Dialogue(jail, memory=Memory(offenders=[Offender("sshd", ANNA, 2, Instant(-1000))]))
    assert {PLACE: 2400} == talk.hit("sshd", ANNA, ANNA).blocks


def test_of_too_many_remembered_offenders_the_latest_stay(inside: pytest.MonkeyPatch) -> None:
    talk = Dialogue()
    inside.setattr(talk.engine._judge.offenders, "_cap", 1)
    latest_first = [Offender("sshd", ANNA, 1, Instant(-1)), Offender("sshd", BERT, 1, Instant(-2))]
    talk.adopt(replace(SSHD, growth=Growth()), memory=Memory(offenders=latest_first))
    talk.hit("sshd", ANNA, BERT, ANNA, BERT)
    assert {PLACE: 1200, ("sshd", BERT): 600} == talk.wish()


# ------------------------------------------------------------------------------------------------- reload


def test_a_reload_keeps_bans_and_counts() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA, ANNA, BERT)
    reply = talk.at(1).adopt(replace(SSHD, bantime=Seconds(60)), WEB)
    assert {PLACE: 600} == reply.replaced
    assert {("sshd", BERT): 61} == talk.hit("sshd", BERT).blocks


def test_a_reload_that_counts_otherwise_begins_anew() -> None:
    talk = Dialogue(SSHD)
    talk.hit("sshd", ANNA)
    talk.adopt(replace(SSHD, findtime=Seconds(60)))
    assert {} == talk.hit("sshd", ANNA).blocks
    assert {PLACE: 600} == talk.hit("sshd", ANNA).blocks


def test_bans_of_a_jail_that_is_gone_are_no_longer_wished() -> None:
    talk = Dialogue(SSHD, WEB)
    talk.hit("sshd", ANNA, ANNA)
    talk.hit("web", ANNA, ANNA)
    assert {("web", ANNA): 600} == talk.adopt(WEB).replaced
    assert [] == talk.hit("sshd", ANNA).effects


def test_an_exempt_name_stays_exempt_over_a_reload() -> None:
    jail = replace(SSHD, ignoreip=("a.example",))
    talk = Dialogue(jail)
    talk.resolve(Resolve("a.example"), ANNA)
    talk.adopt(replace(jail, bantime=Seconds(60)))
    assert [Topic.IGNORED] * 2 == talk.hit("sshd", ANNA, ANNA).topics


# ------------------------------------------------------------------------------------------------ persons


def test_a_person_bans_for_as_long_as_the_jail_does() -> None:
    reply = Dialogue(SSHD).at(10).ban("sshd", ANNA, BERT, reason="abuse")
    assert {PLACE: 610, ("sshd", BERT): 610} == reply.blocks
    wanted = Ban("sshd", ANNA, Instant(10), Instant(610), origin=Origin.PERSON, reason="abuse")
    assert wanted == reply.saved.bans[0]
    assert ["abuse", "abuse"] == reply.texts(Topic.BANNED)


@pytest.mark.parametrize(("bantime", "seconds", "until"), [(600, 60, 70), (FOREVER, None, NEVER)])
def test_a_person_may_say_how_long(bantime: float, seconds: float | None, until: float) -> None:
    talk = Dialogue(replace(SSHD, bantime=Seconds(bantime))).at(10)
    assert {PLACE: until} == talk.ban("sshd", ANNA, seconds=seconds).blocks


def test_a_person_prolongs_a_ban_and_never_shortens_it() -> None:
    talk = Dialogue(SSHD)
    talk.ban("sshd", ANNA)
    reply = talk.ban("sshd", ANNA, seconds=1000)
    assert {PLACE: 1000} == reply.blocks
    assert ((Place(*PLACE), Instant(1000)),) == reply.saved.extended
    assert [Topic.ALREADY] == reply.topics
    reply = talk.ban("sshd", ANNA, seconds=10)
    assert ["Note"] == reply.kinds
    assert {PLACE: 1000} == talk.wish()


def test_a_persons_ban_counts_in_the_history_and_ends_the_counting() -> None:
    talk = Dialogue(replace(SSHD, growth=Growth()))
    talk.hit("sshd", ANNA)
    assert 1 == talk.ban("sshd", ANNA, seconds=10).saved.bans[0].count
    assert 0 == talk.engine.status()[0].failing
    talk.at(20).tick()
    assert 2 == talk.ban("sshd", ANNA).saved.bans[0].count


def test_a_person_bans_although_the_guard_would_not() -> None:
    talk = Dialogue(replace(SSHD, guard=True))
    talk.operator(ANNA)
    talk.exempt(ANNA)
    assert {PLACE: 600} == talk.ban("sshd", ANNA).blocks


def test_a_release_holds_in_all_jails_or_in_one() -> None:
    talk = Dialogue(SSHD, WEB)
    for jail in ("sshd", "web"):
        talk.ban(jail, ANNA, BERT)
    assert [("web", ANNA)] == talk.release(ANNA, jail="web").released
    reply = talk.release(ANNA, BERT)
    assert [("sshd", ANNA), ("sshd", BERT), ("web", BERT)] == reply.released
    assert tuple(reply.released) == reply.saved.released
    assert ["released"] * 3 == reply.texts(Topic.UNBANNED)
    assert {} == talk.wish()


def test_a_release_of_nobody_says_nothing() -> None:
    assert [] == Dialogue(SSHD).release(ANNA, "10.0.0.0/8").effects


def test_a_released_network_lets_in_all_who_are_in_it() -> None:
    talk = Dialogue(SSHD)
    talk.ban("sshd", ANNA, BERT, CARL)
    assert [("sshd", ANNA), ("sshd", BERT)] == talk.release(NET).released
    assert {("sshd", CARL): 600} == talk.wish()


def test_a_released_network_that_is_banned_itself_is_meant_alone() -> None:
    talk = Dialogue(SSHD)
    talk.ban("sshd", NET, ANNA)
    assert [("sshd", NET)] == talk.release(NET).released


def test_a_release_forgives_failures_and_earlier_bans_pitfall_49() -> None:
    talk = Dialogue(replace(SSHD, maxretry=3, growth=Growth()))
    talk.hit("sshd", ANNA, ANNA, ANNA)
    talk.release(ANNA)
    assert {PLACE: 600} == talk.hit("sshd", ANNA, ANNA, ANNA).blocks
    talk.at(601).tick()
    talk.hit("sshd", ANNA)
    reply = talk.release(ANNA)
    assert [] == reply.released
    assert (Place(*PLACE),) == reply.saved.released
    assert {} == talk.hit("sshd", ANNA, ANNA).blocks


def test_a_released_network_forgives_all_who_are_in_it() -> None:
    talk = Dialogue(replace(SSHD, growth=Growth()))
    talk.hit("sshd", ANNA, ANNA)
    talk.release(NET)
    assert {PLACE: 600} == talk.hit("sshd", ANNA, ANNA).blocks


def test_an_exemption_lets_in_all_it_holds_for() -> None:
    talk = Dialogue(SSHD, WEB)
    talk.ban("sshd", ANNA, NET, CARL)
    talk.ban("web", BERT)
    reply = talk.exempt(NET, until=100)
    assert [("sshd", ANNA), ("sshd", NET), ("web", BERT)] == reply.released
    assert (Exemption(NET, Instant(100)),) == reply.saved.exemptions
    assert [Topic.IGNORED] == talk.hit("sshd", ANNA).topics
    assert [Topic.FOUND] == talk.at(100).hit("sshd", ANNA).topics


def test_an_exemption_of_one_address_is_for_it_alone() -> None:
    talk = Dialogue(SSHD)
    talk.ban("sshd", ANNA, BERT)
    assert [("sshd", ANNA)] == talk.exempt(ANNA).released
    assert [] == talk.exempt(CARL).released


def test_an_exemption_can_be_taken_back() -> None:
    talk = Dialogue(SSHD)
    talk.exempt(ANNA)
    assert (ANNA,) == talk.unexempt(ANNA).saved.unexempted
    assert [Topic.FOUND] == talk.hit("sshd", ANNA).topics
    assert [] == talk.unexempt(ANNA).effects


def test_too_many_exemptions_are_told(inside: pytest.MonkeyPatch) -> None:
    inside.setattr("banish.core.exempt.CAP", 0)
    reply = Dialogue(SSHD).exempt(ANNA)
    assert ["too many exemptions"] == reply.texts(Topic.FULL)
    assert ["Note"] == reply.kinds


# -------------------------------------------------------------------------------------------------- views


def test_a_person_is_warned_of_banning_the_exempt_and_the_seen() -> None:
    talk = Dialogue(SSHD)
    talk.exempt(ANNA)
    talk.operator(CARL)

    def objection(subject: str) -> str | None:
        return talk.engine.objection(Subject(subject), Surroundings({BERT: "logged in"}), talk.now)

    assert "exempt by hand (192.0.2.1)" == objection(ANNA)
    assert "exempt by hand (192.0.2.1)" == objection(NET)
    assert "logged in" == objection(BERT)
    assert "an operator's command came from there (198.51.100.3)" == objection("198.51.0.0/16")
    assert objection("10.1.2.3") is None


def test_everything_known_of_a_subject_is_explained() -> None:
    talk = Dialogue(SSHD, replace(WEB, ignoreip=(ANNA,)))
    talk.ban("web", NET)
    talk.hit("sshd", ANNA)
    count = Count(1, Instant(0), (Evidence(Instant(0), 0, ("a line",)),))
    bans = ((Place("web", NET), Instant(600)),)
    assert Explanation(bans, (("sshd", count),), "[web] ip") == talk.engine.explain(ANNA, talk.now)
    assert Explanation((), (), "") == talk.engine.explain(CARL, talk.now)


def test_the_figures_of_all_jails() -> None:
    talk = Dialogue(SSHD, WEB)
    talk.hit("sshd", ANNA, ANNA, BERT)
    assert (JailStatus("sshd", 1, 3, 1, 1), JailStatus("web", 0, 0, 0, 0)) == talk.engine.status()
