"""Dialogues about failures: when they count, when they ban, for how long, and who is spared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.dialogue import ANNA, BERT, CARL, NET, Dialogue

from banish.core.config import Growth, IgnoreCache, JailConfig, UseDns
from banish.core.judge import EVIDENCE_CHARS, EVIDENCE_LINES, SUBJECT_CHARS
from banish.core.model import (
    FOREVER,
    NEVER,
    Ban,
    Evidence,
    Found,
    Hit,
    Instant,
    LookAround,
    OwnAddresses,
    Place,
    ReadList,
    Resolve,
    RunCheck,
    Seconds,
    Subject,
    Topic,
)
from banish.core.subject import parse

SSHD = JailConfig("sshd", maxretry=3, findtime=Seconds(600), bantime=Seconds(600), guard=False)
GUARDED = replace(SSHD, maxretry=1, guard=True)
PLACE, OTHER = ("sshd", ANNA), ("sshd", BERT)


def line(at: float) -> Evidence:
    return Evidence(Instant(at), 0, ("a line",))


# ------------------------------------------------------------------------------------------------ counting


def test_the_last_of_too_many_failures_bans_and_the_time_runs_from_it() -> None:
    talk = Dialogue(SSHD)
    assert ["Note"] == talk.at(100).hit("sshd", ANNA).kinds
    assert ["Note"] == talk.at(400).hit("sshd", ANNA).kinds
    reply = talk.at(700.5).hit("sshd", ANNA, at=700)
    assert {PLACE: 1300} == reply.blocks
    evidence = (line(100), line(400), line(700))
    assert (Ban("sshd", ANNA, Instant(700), Instant(1300), 3, evidence=evidence),) == reply.saved.bans
    assert [Topic.FOUND, Topic.BANNED] == reply.topics
    assert {"failures": 3, "until": 1300} == reply.notes[1].values
    assert 3 == talk.engine.status()[0].failures


def test_failures_further_apart_do_not_ban() -> None:
    talk = Dialogue(SSHD)
    for at in (100, 400, 700.1):
        assert {} == talk.at(at).hit("sshd", ANNA).blocks


def test_failures_may_come_late_and_in_any_order() -> None:
    talk = Dialogue(SSHD).at(1000)
    for at in (900, 300):
        talk.hit("sshd", ANNA, at=at)
    assert {PLACE: 1500} == talk.hit("sshd", ANNA, at=500).blocks


def test_a_failure_in_the_future_happened_now() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1)).at(100)
    reply = talk.hit("sshd", ANNA, at=5000)
    assert {PLACE: 700} == reply.blocks
    assert Instant(100) == reply.notes[0].at


def test_jails_and_subjects_are_counted_apart() -> None:
    talk = Dialogue(SSHD, replace(SSHD, name="web"))
    for jail in ("sshd", "web"):
        assert {} == talk.hit(jail, ANNA, BERT, ANNA).blocks


def test_hits_of_an_unknown_jail_are_dropped() -> None:
    assert [] == Dialogue(SSHD).hit("gone", ANNA).effects


def test_evidence_is_cut_to_what_may_be_kept() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1))
    lines = tuple(f"{number} {'x' * 5000}" for number in range(50))
    (ban,) = talk.tell(Found((Hit("sshd", ANNA, Instant(0), 2, lines),))).saved.bans
    (evidence,) = ban.evidence
    assert (2, EVIDENCE_LINES) == (evidence.rule, len(evidence.lines))
    assert lines[-1][:EVIDENCE_CHARS] == evidence.lines[-1]


def test_an_endless_identifier_is_known_by_its_beginning() -> None:
    talk = Dialogue(SSHD)
    endless = "x" * 5000
    talk.hit("sshd", endless + "1", endless + "2")
    assert {("sshd", "x" * SUBJECT_CHARS): 600} == talk.hit("sshd", endless).blocks


def test_beyond_the_cap_the_forgotten_subject_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Dialogue(SSHD)
    monkeypatch.setattr(talk.engine._judge.jails["sshd"].windows, "_cap", 1)
    talk.hit("sshd", ANNA)
    reply = talk.hit("sshd", BERT)
    assert [Topic.FOUND, Topic.FULL] == reply.topics
    assert ANNA == reply.notes[1].subject
    assert 1 == talk.engine.status()[0].failing


def test_that_a_table_is_full_is_told_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Dialogue(SSHD)
    monkeypatch.setattr(talk.engine._judge.jails["sshd"].windows, "_cap", 1)
    talk.hit("sshd", ANNA)
    topics = [talk.at(at).hit("sshd", Subject(f"198.51.100.{at}")).topics[1:] for at in (1, 2, 60, 61, 120)]
    assert [[Topic.FULL], [], [], [Topic.FULL], []] == topics


# ------------------------------------------------------------------------------------------------- banning


def test_a_ban_may_be_for_good() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, bantime=FOREVER))
    reply = talk.hit("sshd", ANNA)
    assert {PLACE: NEVER} == reply.blocks
    assert "never" == reply.notes[1].values["until"]


def test_a_ban_that_would_be_over_is_only_noted_pitfall_43() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, bantime=Seconds(60))).at(100)
    assert [Topic.FOUND, Topic.EXPIRED] == talk.hit("sshd", ANNA, at=40).topics
    assert {} == talk.wish()
    assert {PLACE: 100.5} == talk.hit("sshd", ANNA, at=40.5).blocks


def test_whoever_is_banned_already_is_kept_out_for_longer_pitfall_44() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1))
    talk.hit("sshd", ANNA)
    reply = talk.at(10).hit("sshd", ANNA)
    assert {PLACE: 610} == reply.blocks
    assert ((Place(*PLACE), Instant(610)),) == reply.saved.extended
    assert () == reply.saved.bans
    assert [Topic.FOUND, Topic.ALREADY] == reply.topics
    assert ["Note"] == talk.at(20).hit("sshd", ANNA, at=10).kinds
    assert ["Note"] == talk.hit("sshd", ANNA, at=5).kinds
    assert 1 == talk.engine.status()[0].bans


def test_the_same_address_in_ipv6_clothes_is_the_same() -> None:
    talk = Dialogue(replace(SSHD, maxretry=2))
    talk.hit("sshd", ANNA)
    assert {PLACE: 600} == talk.hit("sshd", parse("::ffff:192.0.2.1")).blocks


# -------------------------------------------------------------------------------------------------- growth

GROWING = replace(SSHD, maxretry=1, growth=Growth())


def spell(talk: Dialogue, jail: str = "sshd", subject: Subject = ANNA) -> float:
    """Let somebody fail once, wait until the ban is over, and return how long that took."""
    begin = talk.now
    (until,) = talk.hit(jail, subject).blocks.values()
    talk.at(until + 1).tick()
    return until - begin


def test_bans_of_those_who_come_back_grow_and_are_told() -> None:
    talk = Dialogue(GROWING)
    assert [600, 1200, 2400] == [spell(talk) for _ in range(3)]
    reply = talk.hit("sshd", ANNA)
    assert [Topic.FOUND, Topic.INCREASED, Topic.BANNED] == reply.topics
    until = talk.now + 4800
    assert {"count": 4, "seconds": 4800, "until": until} == reply.notes[1].values
    assert 4 == reply.saved.bans[0].count


def test_multipliers_a_formula_the_longest_and_chance_decide_how_long() -> None:
    growths = {
        Growth(multipliers=(1, 5, 30)): [600, 3000, 18000, 18000],
        Growth(formula=lambda time, count, factor: time + count * factor): [600, 601, 602, 603],
        Growth(longest=Seconds(1000), jitter=Seconds(10)): [600, 1005, 1005, 1005],
    }
    for growth, lengths in growths.items():
        talk = Dialogue(replace(GROWING, growth=growth), draw=0.5)
        assert lengths == [spell(talk) for _ in range(4)]


@pytest.mark.parametrize(("over_all", "length"), [(True, 2400), (False, 600)])
def test_the_past_is_that_of_the_jail_or_of_all_jails(*, over_all: bool, length: float) -> None:
    growth = Growth(over_all_jails=over_all)
    talk = Dialogue(GROWING, replace(GROWING, name="web", growth=growth))
    spell(talk)
    spell(talk)
    assert length == spell(talk, "web")


def test_failures_of_known_offenders_count_more_pitfall_46() -> None:
    talk = Dialogue(replace(GROWING, maxretry=5))
    needed = []
    for _ in range(4):
        failures = next(n for n in range(1, 9) if talk.hit("sshd", ANNA).blocks)
        needed.append(failures)
        talk.at(talk.wish()[PLACE] + 1).tick()
    assert [5, 3, 2, 1] == needed


def test_failures_before_the_last_ban_count_once() -> None:
    talk = Dialogue(replace(GROWING, maxretry=2)).at(100)
    talk.hit("sshd", ANNA, ANNA)
    assert [Topic.FOUND] == talk.at(800).hit("sshd", ANNA, at=100).topics
    assert {PLACE: 2000} == talk.hit("sshd", ANNA).blocks


def test_bans_in_other_jails_do_not_make_failures_heavier() -> None:
    talk = Dialogue(GROWING, replace(GROWING, name="web", maxretry=2, growth=Growth(over_all_jails=True)))
    spell(talk)
    assert {} == talk.hit("web", ANNA).blocks


# ----------------------------------------------------------------------------------------------- ignoring


@pytest.mark.parametrize(
    ("entry", "subject"),
    [(ANNA, ANNA), (NET, ANNA), ("::ffff:192.0.2.1", ANNA), ("2001:db8::/32", "2001:db8::7"), ("ann", "ann")],
)
def test_entries_of_ignoreip_do_not_count(entry: str, subject: str) -> None:
    talk = Dialogue(replace(SSHD, ignoreip=(entry,)))
    assert ["ip"] * 3 == talk.hit("sshd", *[subject] * 3).texts(Topic.IGNORED)
    assert 0 == talk.engine.status()[0].failures


def test_names_and_lists_do_not_count_as_long_as_they_mean_an_address() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, ignoreip=("a.example", "file:/friends")))
    talk.resolve(Resolve("a.example"), ANNA)
    talk.resolve(ReadList("/friends"), BERT)
    reply = talk.hit("sshd", ANNA, BERT)
    assert ["dns", "file:/friends"] == reply.texts(Topic.IGNORED)
    talk.at(60).resolve(Resolve("a.example"), CARL)
    assert {PLACE: 660} == talk.hit("sshd", ANNA, CARL).blocks


@pytest.mark.parametrize(("ignores", "topic"), [(True, Topic.IGNORED), (False, Topic.FOUND)])
def test_this_machine_does_not_count_unless_told_to(*, ignores: bool, topic: Topic) -> None:
    talk = Dialogue(replace(SSHD, ignoreself=ignores))
    talk.resolve(OwnAddresses(), ANNA)
    assert [topic] == talk.hit("sshd", ANNA).topics


def test_the_ignore_command_is_asked_about_each_failure() -> None:
    talk = Dialogue(replace(SSHD, maxretry=2, ignorecommand="/bin/known"))
    reply = talk.hit("sshd", ANNA, ANNA, ANNA)
    assert ["Ask"] == reply.kinds
    assert [(1, "/bin/known"), (2, "/bin/known"), (3, "/bin/known")] == [
        (each.number, each.command) for each in reply.asked if isinstance(each, RunCheck)
    ]
    first, second, third = reply.asked
    assert [Topic.FOUND] == talk.check(second, is_known=False).topics
    assert ["command"] == talk.check(first, is_known=True).texts(Topic.IGNORED)
    assert {PLACE: 600} == talk.check(third, is_known=False).blocks
    assert [] == talk.check(third, is_known=False).effects


def test_the_ignore_command_is_not_asked_about_what_is_ignored_anyway() -> None:
    talk = Dialogue(replace(SSHD, ignorecommand="/bin/known", ignoreip=(ANNA,)))
    assert [] == talk.hit("sshd", ANNA).asked


# -------------------------------------------------------------------------------------------------- names


def test_a_name_counts_for_each_of_its_addresses_when_it_is_known() -> None:
    talk = Dialogue(replace(SSHD, maxretry=2))
    assert [Resolve("a.example")] == talk.name("sshd", "a.example").asked
    assert [] == talk.at(1).name("sshd", "a.example").effects
    assert {PLACE: 601, OTHER: 601} == talk.at(2).resolve(Resolve("a.example"), ANNA, BERT).blocks
    assert [Resolve("a.example")] == talk.name("sshd", "a.example").asked


def test_a_name_without_addresses_is_nobody() -> None:
    talk = Dialogue(SSHD)
    talk.name("sshd", "a.example")
    assert ["Note"] == talk.resolve(Resolve("a.example")).kinds


def test_a_name_in_a_log_is_told_if_the_jail_wants_to_know() -> None:
    told = {}
    for usedns in (UseDns.WARN, UseDns.YES):
        talk = Dialogue(replace(SSHD, usedns=usedns))
        talk.name("sshd", "a.example")
        told[usedns] = talk.resolve(Resolve("a.example"), ANNA, BERT).texts(Topic.TROUBLE)
    text = f"the log names a host, which stands for {ANNA}, {BERT} now; whoever owns the name decides that"
    assert {UseDns.WARN: [text], UseDns.YES: []} == told


def test_the_ignore_command_is_believed_for_a_while_if_there_is_a_cache() -> None:
    cache = IgnoreCache(lambda hit: hit.subject, 10, Seconds(60))
    talk = Dialogue(replace(SSHD, ignorecommand="/bin/known", ignorecache=cache))
    talk.check(talk.hit("sshd", ANNA).asked[0], is_known=True)
    assert ["command"] == talk.at(59).hit("sshd", ANNA).texts(Topic.IGNORED)
    talk.check(talk.hit("sshd", BERT).asked[0], is_known=False)
    assert [Topic.FOUND] == talk.hit("sshd", BERT).topics
    assert [RunCheck] == [type(each) for each in talk.at(60).hit("sshd", ANNA).asked]


def test_a_resolved_address_may_be_exempt_or_checked() -> None:
    talk = Dialogue(replace(SSHD, ignoreip=(ANNA,), ignorecommand="/bin/known"))
    talk.name("sshd", "a.example")
    reply = talk.resolve(Resolve("a.example"), ANNA, BERT)
    assert ["ip"] == reply.texts(Topic.IGNORED)
    assert [RunCheck] == [type(each) for each in reply.asked]


def test_if_too_many_wait_the_newest_is_dropped_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    talk = Dialogue(SSHD)
    monkeypatch.setattr(talk.engine._judge.parking, "_cap", 1)
    talk.name("sshd", "a.example")
    reply = talk.name("sshd", "b.example")
    assert [Topic.FULL] == reply.topics
    assert [] == reply.asked
    assert [Topic.TROUBLE, Topic.FOUND] == talk.resolve(Resolve("a.example"), ANNA).topics


# --------------------------------------------------------------------------------------------------- guard


def test_one_look_around_is_asked_for_however_many_failed() -> None:
    talk = Dialogue(GUARDED)
    reply = talk.hit("sshd", ANNA, BERT)
    assert [LookAround()] == reply.asked
    assert {} == reply.blocks
    assert [] == talk.hit("sshd", CARL).asked
    assert {PLACE: 600, OTHER: 600, ("sshd", CARL): 600} == talk.at(1).look().blocks
    assert [LookAround()] == talk.hit("sshd", ANNA).asked


def test_the_seen_are_spared_with_one_clear_note() -> None:
    talk = Dialogue(GUARDED)
    talk.hit("sshd", ANNA, BERT)
    reply = talk.look({ANNA: "logged in over ssh as anna"})
    assert {OTHER: 600} == reply.blocks
    (note,) = (note for note in reply.notes if note.topic is Topic.SPARED)
    assert (ANNA, "logged in over ssh as anna", {"failures": 1}) == (note.subject, note.text, note.values)
    assert {} == talk.at(10).look({}).blocks


def test_operators_are_spared() -> None:
    talk = Dialogue(GUARDED)
    talk.operator(ANNA)
    talk.hit("sshd", ANNA)
    assert ["an operator's command came from there"] == talk.look().texts(Topic.SPARED)


def test_a_network_around_somebody_seen_is_spared() -> None:
    talk = Dialogue(GUARDED)
    talk.hit("sshd", NET)
    assert ["logged in (192.0.2.1)"] == talk.look({ANNA: "logged in"}).texts(Topic.SPARED)


def test_without_a_guard_there_is_no_question() -> None:
    reply = Dialogue(replace(GUARDED, guard=False)).hit("sshd", ANNA)
    assert {PLACE: 600} == reply.blocks
    assert [] == reply.asked


def test_the_same_candidate_twice_is_banned_once() -> None:
    talk = Dialogue(GUARDED)
    talk.hit("sshd", ANNA, ANNA)
    reply = talk.look()
    assert 1 == len(reply.saved.bans)
    assert [Topic.BANNED, Topic.ALREADY] == reply.topics


def test_a_candidate_of_a_jail_that_is_gone_is_dropped() -> None:
    talk = Dialogue(GUARDED)
    talk.hit("sshd", ANNA)
    talk.adopt()
    assert [] == talk.look().effects


def test_a_candidate_that_was_exempted_meanwhile_is_spared() -> None:
    talk = Dialogue(GUARDED)
    talk.hit("sshd", ANNA)
    talk.exempt(NET)
    reply = talk.look()
    assert {} == reply.blocks
    assert ["exemption"] == reply.texts(Topic.SPARED)


def test_a_checked_failure_of_somebody_exempted_meanwhile_bans_nobody() -> None:
    talk = Dialogue(replace(SSHD, maxretry=1, ignorecommand="/bin/known"))
    (question,) = talk.hit("sshd", ANNA).asked
    talk.exempt(ANNA)
    assert {} == talk.check(question, is_known=False).blocks
