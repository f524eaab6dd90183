"""A configuration becomes a program; what is wrong with a jail leaves out that jail and is reported whole."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from banish.core.config import Config, JailConfig, LogPath, Problem, Rule, Severity
from banish.core.model import Instant, Seconds
from banish.core.rules import Calendar, JailRules, compile_config, reads_alike, stamped

CALENDAR = Calendar(UTC, 2026)
GOOD = JailConfig("good", failregex=(Rule("<ADDR> fails", r"(?P<ip4>\S+) fails"),))


def rule(regex: str, line: int = 3) -> Rule:
    return Rule(f"<{regex}>", regex, "filter.d/x.conf", line)


def compiled(jail: JailConfig, encoding: str = "utf-8") -> JailRules:
    program, problems = compile_config(Config((jail,)), CALENDAR, encoding)
    assert () == problems
    (rules,) = program
    return rules


def problems_of(jail: JailConfig) -> list[str]:
    """Return the problems of a jail that must be left out, and nothing else must."""
    program, problems = compile_config(Config((GOOD, jail)), CALENDAR)
    assert ["good"] == [rules.jail.name for rules in program]
    assert {jail.name} == {problem.jail for problem in problems}
    return [str(problem) for problem in problems]


def test_all_expressions_of_a_jail_are_compiled() -> None:
    jail = replace(GOOD, prefregex=rule("a"), ignoreregex=(rule("b"), rule("c")))
    rules = compiled(jail)
    assert rules.prefix == re.compile("a")
    assert (re.compile(r"(?P<ip4>\S+) fails"),) == rules.failures
    assert (re.compile("b"), re.compile("c")) == rules.ignores
    assert jail == rules.jail


def test_only_failure_expressions_over_several_lines_see_their_ends() -> None:
    several = replace(GOOD, maxlines=2, prefregex=rule("a"), ignoreregex=(rule("b"),))
    rules = compiled(several)
    assert rules.failures[0].flags & re.MULTILINE
    assert rules.prefix is not None
    assert not rules.prefix.flags & re.MULTILINE
    assert not rules.ignores[0].flags & re.MULTILINE
    assert not compiled(GOOD).failures[0].flags & re.MULTILINE


def test_a_jail_without_expressions_runs() -> None:
    assert () == compiled(JailConfig("by-hand")).failures


@pytest.mark.parametrize(
    "regex",
    [
        "(",
        "a{5000000000}",
        "^(?i)a",
        "(?P<a-b>x)",
        "(?P<ip4>x)(?P<ip4>y)",
        "(?au)x",
        "(?a)(?u)x",
        "(?L)x",
        "(" * 5000,
    ],
)
def test_what_does_not_compile_is_reported_with_its_place(regex: str) -> None:
    broken = replace(GOOD, name="broken", failregex=(rule(regex), rule("no culprit", line=4)))
    (text,) = problems_of(broken)
    assert text.startswith('filter.d/x.conf:3 [broken] failregex = "<')
    assert "not a regular expression: " in text


def test_everything_that_is_wrong_is_reported() -> None:
    broken = replace(
        GOOD,
        name="broken",
        prefregex=rule("("),
        ignoreregex=(rule(")"),),
        datepatterns=("{NOSUCH",),
        logtimezone="nowhere",
        logencoding="klingon",
    )
    keys = [text.split("[broken] ")[1].split(" =")[0] for text in problems_of(broken)]
    assert ["prefregex", "ignoreregex", "logencoding", "datepattern"] == keys


@pytest.mark.parametrize("group", ["fid", "ip4", "ip6", "dns", "mlfid"])
def test_an_expression_must_name_somebody(group: str) -> None:
    compiled(replace(GOOD, failregex=(rule(f"(?P<{group}>x)"),)))
    compiled(replace(GOOD, prefregex=rule(f"(?P<{group}>x)"), failregex=(rule("x"),)))


def test_an_expression_that_names_nobody_is_reported() -> None:
    broken = replace(GOOD, name="broken", prefregex=rule("(?P<user>x)"), failregex=(rule("(?P<host>x)"),))
    (text,) = problems_of(broken)
    assert "nobody is named by it; put <HOST>, <ADDR> or <F-ID>…</F-ID> where the culprit stands" in text


@pytest.mark.parametrize(("name", "codec"), [("auto", "iso8859-1"), ("UTF8", "utf-8"), ("ascii", "ascii")])
def test_the_encoding_of_the_log(name: str, codec: str) -> None:
    assert codec == compiled(replace(GOOD, logencoding=name), "latin-1").encoding


@pytest.mark.parametrize("name", ["klingon", "", "base64", "rot13", "idna", "undefined", "a\0b"])
def test_an_encoding_that_cannot_read_every_line_is_refused(name: str) -> None:
    (text,) = problems_of(replace(GOOD, name="broken", logencoding=name))
    assert "no such encoding; write auto, utf-8, latin-1 or another codec" in text


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-32"])
def test_an_encoding_whose_lines_do_not_end_in_a_line_feed_is_refused(name: str) -> None:
    (text,) = problems_of(replace(GOOD, name="broken", logencoding=name))
    assert "its lines do not end with the byte of a line feed; have the log written in utf-8" in text


def test_each_reader_of_dates_learns_for_itself() -> None:
    rules = compiled(replace(GOOD, logtimezone="UTC+0100"))
    first, second = rules.dates(), rules.dates()
    assert first is not second
    dated = first.read("2026-01-01 01:00:00 x", Instant(0))
    assert dated is not None
    assert Instant(1767225600) == dated.at


def test_problems_are_errors_of_their_jail() -> None:
    _, problems = compile_config(Config((replace(GOOD, name="broken", logencoding="klingon"),)), CALENDAR)
    text = "no such encoding; write auto, utf-8, latin-1 or another codec"
    wanted = Problem(Severity.ERROR, text, "", 0, "broken", "logencoding", "klingon", jail="broken")
    assert (wanted,) == problems


def test_lines_of_the_journal_have_stamps_whatever_a_jail_says() -> None:
    jail = replace(GOOD, backend="systemd[namespace=x]", datepatterns=("^%Y",), logencoding="latin-1")
    program, _ = compile_config(Config((jail, replace(GOOD, name="files"))), CALENDAR)
    journal, files = stamped(program)
    dated = journal.dates().read("2026-01-01T12:00:00.500000+0100 host x", Instant(0))
    assert dated is not None
    assert (Instant(1767265200), "host x") == (dated.at, dated.after)
    assert ("utf-8", False) == (journal.encoding, files.has_stamps)


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"maxretry": 9, "bantime": Seconds(1), "ignoreip": ("::1",), "ignoreself": False}, True),
        ({"failregex": (rule("(?P<ip4>x)"),)}, False),
        ({"logpaths": (LogPath("/x"),)}, False),
        ({"findtime": Seconds(1)}, False),
        ({"name": "other"}, False),
    ],
)
def test_what_only_counts_does_not_change_what_is_read(change: dict[str, Any], *, alike: bool) -> None:
    one, _ = compile_config(Config((GOOD,)), CALENDAR)
    other, _ = compile_config(Config((replace(GOOD, **change),)), CALENDAR)
    assert alike is reads_alike(one, other)
