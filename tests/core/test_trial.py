"""Everything that came of a line; checked against fail2ban-regex 1.0.2."""

from __future__ import annotations

from datetime import UTC

from banish.core.config import Config, JailConfig, Rule
from banish.core.match import Mode
from banish.core.model import FOREVER, Instant, Seconds
from banish.core.rules import Calendar, compile_config
from banish.core.sessions import Verdict
from banish.core.trial import Fate, Reading, Trial
from banish.core.window import Line

NOW = Instant(1767268800)  # 2026-01-01 12:00:00 UTC
IP4 = r"(?P<ip4>\d+\.\d+\.\d+\.\d+)"


def trial(
    *failures: str,
    ignores: tuple[str, ...] = (),
    prefix: str = "",
    lines: int = 1,
    every: bool = True,
    findtime: Seconds = FOREVER,
    mode: Mode = Mode.BACKLOG,
) -> Trial:
    jail = JailConfig(
        "j",
        prefregex=Rule(prefix, prefix) if prefix else None,
        failregex=tuple(Rule(each, each) for each in failures),
        ignoreregex=tuple(Rule(each, each) for each in ignores),
        maxlines=lines,
        findtime=findtime,
    )
    program, problems = compile_config(Config((jail,)), Calendar(UTC, 2026))
    assert () == problems
    return Trial(program.jails[0], every=every, mode=mode)


def read(tried: Trial, *texts: str) -> list[Reading]:
    return [tried.read(text, NOW) for text in texts]


def found(reading: Reading) -> list[tuple[int, str | None, Verdict]]:
    return [
        (each.rule, each.who.subject if each.who else None, each.told.verdict) for each in reading.findings
    ]


def test_all_expressions_are_tried_if_that_is_wanted() -> None:
    rules = (rf"a {IP4}", "no (?P<fid>x)", r"a (?P<fid>\S+)")
    (reading,) = read(trial(*rules), "a 192.0.2.1")
    assert [(0, "192.0.2.1", Verdict.FAILURE), (2, "192.0.2.1", Verdict.FAILURE)] == found(reading)
    (reading,) = read(trial(*rules, every=False), "a 192.0.2.1")
    assert [(0, "192.0.2.1", Verdict.FAILURE)] == found(reading)


def test_a_line_without_a_match_is_told_as_it_was_written() -> None:
    (reading,) = read(trial(IP4), "2026-01-01 11:00:00 hello")
    assert Line("", "2026-01-01 11:00:00", " hello") == reading.line
    assert ((), (), None, None) == (reading.findings, reading.taken, reading.ignored_by, reading.prefix)


def test_a_line_knows_which_expression_ignores_it_early_or_late() -> None:
    for rules in ([IP4], [IP4, "(?P<fid>b)", "(?P<fid>c)", "(?P<fid>d)", "(?P<fid>e)"]):
        tried = trial(*rules, ignores=("nothing", "own"))
        one, other = read(tried, "own 192.0.2.1", "foreign 192.0.2.1")
        assert (1, None) == (one.ignored_by, other.ignored_by)
        assert [] == found(one)


def test_the_groups_of_the_prefix_are_told_with_the_content() -> None:
    tried = trial(IP4, prefix=r"^(?P<mlfid>c\d) (?P<x>y)?(?P<content>.*)$")
    one, other = read(tried, "c1 z", "z")
    assert {"mlfid": "c1", "x": None, "content": "z"} == one.prefix
    assert other.prefix is None


def test_what_is_known_of_a_failure_includes_groups_that_took_no_part() -> None:
    tried = trial(
        rf"a (?P<user>x)?(?:{IP4}|(?P<dns>\S+))", prefix="^(?P<user>u) (?P<port>p)?(?P<content>.*)$"
    )
    ((finding,),) = (reading.findings for reading in read(tried, "u a 192.0.2.1"))
    assert {"user": None, "port": None, "ip4": "192.0.2.1", "dns": None} == finding.told.fields


def test_forgiven_and_waiting_lines_are_told() -> None:
    rules = (rf"^(?P<mlfid>c\d) (?P<nofail>open) {IP4}", r"^(?P<mlfid>c\d) bad (?P<user>\w+)")
    opened, bad, waiting = read(trial(*rules), "c1 open 192.0.2.1", "c1 bad anna", "c2 bad anna")
    assert [(0, "192.0.2.1", Verdict.FORGIVEN)] == found(opened)
    assert [(1, "192.0.2.1", Verdict.FAILURE)] == found(bad)
    assert [(1, None, Verdict.PENDING)] == found(waiting)
    (opened,) = read(trial(*rules, every=False), "c1 open 192.0.2.1")
    assert [] == found(opened)
    (opened,) = read(trial(rf"(?P<nofail>open) {IP4}", every=False), "open 192.0.2.1")
    assert [(0, "192.0.2.1", Verdict.FORGIVEN)] == found(opened)


def test_a_failure_of_nobody_is_none() -> None:
    (reading,) = read(trial(r"a(?P<fid>\S*)"), "a")
    assert [] == found(reading)


def test_of_several_lines_all_that_a_match_takes_are_told() -> None:
    tried = trial(rf"a {IP4}\n.*b", r"(?P<fid>b)", lines=3)
    readings = read(tried, "x", "a 192.0.2.1", "b")
    assert [(0, "192.0.2.1", Verdict.FAILURE)] == found(readings[2])
    assert ["a 192.0.2.1", "b"] == [line.whole for line in readings[2].taken]


def test_a_date_may_be_known_beforehand() -> None:
    line = Line("", "then ", "a 192.0.2.1")
    reading = trial(rf"^a {IP4}").read_entry(line, Instant(5), NOW)
    assert line == reading.line
    assert [Instant(5)] == [finding.at for finding in reading.findings]


def test_a_line_without_a_date_has_no_time_unless_the_line_before_is_recent() -> None:
    texts = ("2026-01-01 11:59:30 a 192.0.2.1", "a 192.0.2.1")
    times = [finding.at for reading in read(trial(IP4), *texts) for finding in reading.findings]
    assert [NOW - 30, NOW - 30] == times
    assert [None] == [finding.at for reading in read(trial(IP4), texts[1]) for finding in reading.findings]


def test_templates_are_ranked_by_what_they_have_dated() -> None:
    tried = trial(IP4)
    read(tried, "2026-01-01 11:59:30 a", "2026-01-01 11:59:31 a")
    first = tried.standings()[0]
    assert ("{^LN-BEG}%ExY", 2, 200) == (first.template.pattern[:13], first.hits, first.merit)


def test_a_line_too_old_for_the_jail_is_told_without_findings() -> None:
    (reading,) = read(trial(IP4, findtime=Seconds(60)), "2020-01-01 00:00:00 192.0.2.1")
    assert [] == found(reading)


def test_each_line_has_a_fate() -> None:
    rules = (rf"^(?P<mlfid>c\d) (?P<nofail>open) {IP4}", r"^(?P<mlfid>c\d) bad", r"^nobody (?P<fid>x*)")
    tried = trial(*rules, every=False, prefix="^(?P<content>[cn].*)$", ignores=("c9",))
    texts = ("c1 open 192.0.2.1", "c1 bad", "c2 bad", "c9 bad", "nobody ", "c1 good", "other")
    fates = [reading.fate for reading in read(tried, *texts)]
    assert [
        Fate.FORGIVEN,
        Fate.FAILURE,
        Fate.PENDING,
        Fate.IGNORED,
        Fate.NOBODY,
        Fate.UNMATCHED,
        Fate.UNPREFIXED,
    ] == fates
    (old,) = read(trial(IP4, findtime=Seconds(60)), "2020-01-01 00:00:00 192.0.2.1")
    assert Fate.OLD is old.fate


def test_what_a_line_was_held_against_is_told() -> None:
    tried = trial(IP4, "(?P<fid>b)", prefix="^a (?P<content>.*)$", ignores=("x",))
    matched, missed = read(tried, "a 192.0.2.1", "a c")
    assert ("a 192.0.2.1\n", "192.0.2.1\n", "192.0.2.1\n", 0) == (
        matched.window,
        matched.searched,
        matched.judged,
        matched.rule,
    )
    assert ("c\n", None, None) == (missed.searched, missed.judged, missed.rule)


def test_a_failure_is_the_one_that_the_scanner_finds() -> None:
    tried = trial(rf"a {IP4}", every=False, mode=Mode.TRIAL)
    hit, none = (tried.hit(each) for each in read(tried, "2026-01-01 11:00:00 a 192.0.2.1", "b"))
    assert none is None
    assert hit is not None
    assert ("192.0.2.1", 0, NOW - 3600) == (hit.subject, hit.rule, hit.at)
