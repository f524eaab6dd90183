"""Every finding names the place of the expression, and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC

from banish.compat.tags import expand
from banish.core.config import Config, JailConfig, Problem, Rule, Severity, UseDns
from banish.core.lint.inspection import expressions, findings, once, wordless
from banish.core.rules import Calendar, Program, compile_config


def jail(
    *failures: str, ignores: Sequence[str] = (), prefix: str = "", name: str = "j", maxlines: int = 1
) -> JailConfig:
    def rules(texts: Sequence[str], line: int) -> tuple[Rule, ...]:
        return tuple(
            Rule(text, expand(text, UseDns.WARN), "f.conf", line + number)
            for number, text in enumerate(texts)
        )

    return JailConfig(
        name,
        failregex=rules(failures, 1),
        ignoreregex=rules(ignores, 51),
        prefregex=next(iter(rules([prefix] if prefix else [], 91)), None),
        maxlines=maxlines,
    )


def program(*jails: JailConfig) -> Program:
    compiled, problems = compile_config(Config(jails), Calendar(UTC, 2023))
    assert () == problems
    return compiled


def found(*jails: JailConfig) -> list[Problem]:
    return list(once(findings(expressions(program(*jails)))))


def lines(problems: Sequence[Problem]) -> list[tuple[str, int]]:
    return [(problem.key, problem.line) for problem in problems]


def test_all_expressions_are_read() -> None:
    read = expressions(
        program(jail("^a <HOST>$", "^b <HOST>$", ignores=["^c"], prefix="^<F-CONTENT>.+$</F-CONTENT>"))
    )
    assert ["prefregex", "failregex", "failregex", "ignoreregex"] == [each.key for each in read]
    assert [91, 1, 2, 51] == [each.rule.line for each in read]


def test_date_patterns_of_a_jail_may_explode_too() -> None:
    own = replace(jail("^a <HOST>$"), datepatterns=(r"^(?:\w+\s*)*x{EPOCH}", "", "%Y-%m-%d"))
    dates = [each for each in expressions(program(own)) if each.key == "datepattern"]
    assert [r"^(?:\w+\s*)*x{EPOCH}", "%Y-%m-%d"] == [each.rule.text for each in dates]
    assert [True, False] == [bool(each.suspects) for each in dates]
    assert [] == found(own)


def test_good_expressions_are_passed_in_silence() -> None:
    assert [] == found(jail("^a .* from <HOST>$", "^b from <HOST>$", ignores=["^a root from"]))


def test_a_wildcard_that_can_be_misled_is_told_with_a_line() -> None:
    [problem] = found(jail("^ok <HOST>$", "^failed for .* from <HOST>"))
    assert (Severity.WARNING, "f.conf", 2, "j", "failregex", "^failed for .* from <HOST>", "") == (
        problem.severity,
        problem.file,
        problem.line,
        problem.section,
        problem.key,
        problem.value,
        problem.jail,
    )
    assert 'behind the address can get another one banned: "failed for' in problem.text
    assert "end the expression with $" in problem.text


def test_a_prefix_can_be_misled_an_ignoreregex_cannot() -> None:
    problems = found(
        jail(
            "^x$",
            prefix="^failed for .*? from <HOST>: <F-CONTENT>.*</F-CONTENT>",
            ignores=["^x for .* from <HOST>"],
        )
    )
    assert [("prefregex", 91)] == lines(problems)
    assert "text before the address" in problems[0].text


def test_no_line_is_tried_with_an_expression_that_may_explode() -> None:
    assert [] == found(jail("^(?:a+)+ .* from <HOST>"))


def test_an_expression_that_never_gets_its_turn_is_told_with_the_one_in_front() -> None:
    problems = found(jail("^a .* <HOST>$", "^b <HOST>$", "^a c <HOST>$"))
    assert [("failregex", 3)] == lines(problems)
    assert "since f.conf:1 comes first" in problems[0].text


def test_expressions_of_one_line_are_told_by_their_text() -> None:
    one = jail("^a .* <HOST>$", "^a c <HOST>$")
    same = tuple(replace(rule, line=7) for rule in one.failregex)
    [problem] = found(replace(one, failregex=same))
    assert 'since "^a .* <HOST>$" comes first' in problem.text


def test_an_expression_that_is_always_forgiven_is_told() -> None:
    problems = found(jail("^a <HOST>$", "^bad b <HOST>$", ignores=["^z", "^bad .* "]))
    assert [("failregex", 2)] == lines(problems)
    assert "since the ignoreregex at f.conf:52 forgives" in problems[0].text


def test_with_several_lines_forgiving_is_not_judged() -> None:
    assert [] == found(jail("^bad b <HOST>$", ignores=["^bad .* "], maxlines=2))


def test_what_several_jails_share_is_told_once() -> None:
    shared = jail("^failed for .* from <HOST>", "^failed for root from <HOST>$")
    problems = found(shared, replace(shared, name="k"))
    assert [("j", 1), ("j", 2)] == [(problem.section, problem.line) for problem in problems]


def test_what_cannot_be_read_is_left_out() -> None:
    whole = program(jail("^a <HOST>$"))
    [rules] = whole.jails
    odd = replace(rules, failures=(_Odd(),))  # type: ignore[arg-type]  # as later Pythons may compile
    assert () == expressions(replace(whole, jails=(odd,)))


class _Odd:
    pattern, flags = "(", 0


def test_an_expression_without_a_word_is_tried_on_every_line() -> None:
    def named(*failures: str, prefix: str = "", maxlines: int = 1) -> list[str]:
        jails = program(jail(*failures, prefix=prefix, maxlines=maxlines))
        return [f"{name} {rule.text}" for name, rule in wordless(jails)]

    assert ["j ^<HOST> \\d+$"] == named("^failed from <HOST>$", r"^<HOST> \d+$")
    assert [] == named(r"^<HOST> \d+$", prefix="^sshd: <F-CONTENT>.+</F-CONTENT>$")
    assert ["j ^failed from <HOST>$"] == named("^failed from <HOST>$", maxlines=2)
