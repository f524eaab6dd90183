from __future__ import annotations

from datetime import UTC

import pytest

from banish.core.config import Config, JailConfig, Rule
from banish.core.errors import ConfigError
from banish.core.model import Instant
from banish.core.rules import Calendar, JailRules, compile_config
from banish.core.sessions import Verdict
from banish.core.trial import Fate
from banish.faces.cli import explanation
from banish.faces.cli.explanation import Explanation, Tried

NOW = Instant(1767268800)
IP4 = r"(?P<ip4>192\.0\.2\.\d+)"
DATE = "2026-01-01 11:00:00"


def rules(*failures: str, prefix: str = "", ignores: tuple[str, ...] = ()) -> JailRules:
    jail = JailConfig(
        "j",
        filter="f",
        prefregex=Rule(prefix, prefix) if prefix else None,
        failregex=tuple(Rule(each, each) for each in failures),
        ignoreregex=tuple(Rule(each, each) for each in ignores),
    )
    program, problems = compile_config(Config((jail,)), Calendar(UTC, 2026))
    assert () == problems
    return program.jails[0]


def explain(judge: JailRules, line: str, before: tuple[str, ...], now: Instant) -> Explanation:
    (found,) = explanation.explain([judge], [text.encode() for text in (*before, line)], now)
    return found


def asked(tried: Tried) -> tuple[bool, bool | None]:
    return tried.is_asked, tried.matches


def test_expressions_after_the_one_that_matches_are_not_asked() -> None:
    found = explain(rules(f"^ c {IP4}", f"^ a {IP4}", IP4, "(?P<fid>d)"), f"{DATE} a 192.0.2.1", (), NOW)
    assert [(True, False), (True, True), (False, True), (False, False)] == [*map(asked, found.failures)]
    beginning = found.failures[0].beginning
    assert beginning is not None
    assert ("^ ", 1) == (beginning.fits, beginning.end)
    assert found.hit is not None
    assert "192.0.2.1" == found.hit.subject


def test_the_pattern_that_read_the_date_is_known() -> None:
    found = explain(rules(IP4), f"{DATE} a", (), NOW)
    assert found.template is not None
    assert 1 == found.template.hits
    assert explain(rules(IP4), "a", (f"{DATE} b",), NOW).template is None


def test_without_the_prefix_no_expression_is_asked() -> None:
    found = explain(rules(IP4, prefix="^ a (?P<content>.*)$"), f"{DATE} b 192.0.2.1", (), NOW)
    assert found.prefix is not None
    assert (True, False) == asked(found.prefix)
    assert [(False, None)] == [*map(asked, found.failures)]
    assert {} == found.fields
    assert [] == found.whence


def test_a_line_ignored_early_is_not_held_against_the_prefix() -> None:
    failures = (IP4, "(?P<fid>b)", "(?P<fid>c)", "(?P<fid>d)")
    found = explain(
        rules(*failures, prefix="^ (?P<content>.*)", ignores=("a",)), f"{DATE} a 192.0.2.1", (), NOW
    )
    assert found.prefix is not None
    assert (False, None) == asked(found.prefix)
    assert [(True, True)] == [*map(asked, found.ignores)]


def test_a_line_ignored_late_has_matched_before() -> None:
    found = explain(
        rules(IP4, prefix="^ (?P<content>.*)", ignores=("x", "a", "z")), f"{DATE} a 192.0.2.1", (), NOW
    )
    assert found.prefix is not None
    assert (True, True) == asked(found.prefix)
    assert [(True, False), (True, True), (False, False)] == [*map(asked, found.ignores)]
    assert (Fate.IGNORED, 0) == (found.reading.fate, found.reading.rule)


def test_lines_before_are_of_the_same_connection() -> None:
    story = rules(rf"^ (?P<mlfid>c\d) (?P<nofail>open) {IP4}", r"^ (?P<mlfid>c\d) bad (?P<user>\w+)")
    line = f"{DATE} c1 bad anna"
    assert Fate.PENDING is explain(story, line, (), NOW).reading.fate
    found = explain(story, line, (f"{DATE} c1 open 192.0.2.1",), NOW)
    assert found.reading.first is not None
    assert Verdict.FAILURE is found.reading.first.told.verdict
    assert ["ip4"] == found.whence


def test_an_expression_that_takes_long_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "ASKED_SECONDS", 0.02)
    monkeypatch.setattr(explanation, "ALL_SECONDS", 0.03)
    slow = r"(?P<fid>(?:a+)+)$"
    found = explain(rules(r"(?P<fid>d)", slow, slow, slow), f"{DATE} {'a' * 60}d", (), NOW)
    assert [(True, True), (False, None), (False, None), (False, None)] == [*map(asked, found.failures)]


def test_a_judgement_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanation, "JUDGED_SECONDS", 0.02)
    with pytest.raises(ConfigError, match=r"f: to judge this line takes more than 0.02 seconds"):
        explain(rules(r"(?P<fid>(?:a+)+)$"), f"{DATE} {'a' * 60}b", (), NOW)
