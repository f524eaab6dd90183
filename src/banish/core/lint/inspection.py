"""The expressions of a program, each read once, and what can be said of them without a clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from banish.core.config import Problem, Rule, Severity
from banish.core.dates.pattern import templates
from banish.core.lint.catchall import WRONG, forgery
from banish.core.lint.example import shown
from banish.core.lint.explosion import Suspect, suspects
from banish.core.lint.shadow import hides
from banish.core.regex.literals import demands
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Node
from banish.core.rules import JailRules, Program

DATES: Final = "datepattern"

_HARMLESS: Final = 4  # the degree at which lines of a hundred characters still take no time


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a jail, its tree, and the lines on which it may take long."""

    jail: str
    key: str
    rule: Rule
    pattern: re.Pattern[str]
    tree: Node
    suspects: tuple[Suspect, ...]

    def warning(self, text: str) -> Problem:
        """Return a warning at the place where the expression is written."""
        rule = self.rule
        return Problem(Severity.WARNING, text, rule.file, rule.line, self.jail, self.key, rule.text)


def expressions(program: Program) -> tuple[Expression, ...]:
    """Read all expressions; those that cannot be read are left out."""
    return tuple(expression for rules in program for expression in _of_jail(rules))


def _of_jail(rules: JailRules) -> Iterator[Expression]:
    jail = rules.jail
    written = (
        ("prefregex", (jail.prefregex,) if jail.prefregex else (), (rules.prefix,) if rules.prefix else ()),
        ("failregex", jail.failregex, rules.failures),
        ("ignoreregex", jail.ignoreregex, rules.ignores),
    )
    for key, texts, patterns in written:
        for rule, pattern in zip(texts, patterns, strict=True):
            tree = tree_of(pattern.pattern, pattern.flags)
            if tree is not None:
                yield Expression(jail.name, key, rule, pattern, tree, suspects(tree))
    yield from _dates(rules)


def _dates(rules: JailRules) -> Iterator[Expression]:
    """Yield what the jail's own date patterns are made into."""
    for text in rules.jail.datepatterns:
        for template in templates(text.strip(), rules.calendar.year) if text.strip() else ():
            tree = tree_of(template.regex.pattern, template.regex.flags)
            if tree is not None:
                rule = Rule(text, template.regex.pattern)
                yield Expression(rules.jail.name, DATES, rule, template.regex, tree, suspects(tree))


def once(found: Iterable[Problem]) -> Iterator[Problem]:
    """Leave out what has been said of another jail that uses the same line of the same file."""
    said: set[tuple[str, int, str, str, str]] = set()
    for problem in found:
        what = (problem.file, problem.line, problem.key, problem.value, problem.text)
        if what not in said:
            said.add(what)
            yield problem


def findings(read: Sequence[Expression]) -> Iterator[Problem]:
    """Yield a warning for each expression that can be misled, or that never gets its turn."""
    for expression in read:
        if expression.key not in {"ignoreregex", DATES}:
            yield from _misled(expression)
    for jail in dict.fromkeys(expression.jail for expression in read):
        yield from _hidden([expression for expression in read if expression.jail == jail])


def wordless(program: Program) -> Iterator[tuple[str, Rule]]:
    """Yield, by jail, the failure expressions that are tried on every line.

    There is no word that all lines have which they match; or lines are not judged one by one.
    """
    for rules in program:
        words = demands(rules.failures, rules.prefix)
        for rule, sets in zip(rules.jail.failregex, words, strict=True):
            if not (rules.is_linewise and sets):
                yield rules.jail.name, rule


def _misled(expression: Expression) -> Iterator[Problem]:
    if any(suspect.degree > _HARMLESS for suspect in expression.suspects):
        return  # to search a line could take for ever
    found = forgery(expression.tree, expression.pattern)
    if found is not None:
        side = "before" if found.is_before else "behind"
        yield expression.warning(
            f'whoever can write text {side} the address can get another one banned: "{shown(found.line)}" '
            f"bans {WRONG}; end the expression with $, or take a narrower class than .* beside the address"
        )


def _hidden(read: Sequence[Expression]) -> Iterator[Problem]:
    """Yield a warning for each failregex of one jail that is never the one that counts."""
    failures = [expression for expression in read if expression.key == "failregex"]
    for index, expression in enumerate(failures):
        earlier = next((each for each in failures[:index] if hides(each.tree, expression.tree)), None)
        if earlier is not None:
            where = _where(earlier, expression)
            yield expression.warning(
                f"never gets its turn, since {where} comes first and matches whatever this one matches; "
                "delete it, or put it before the other"
            )
        forgiving = next(
            (each for each in read if each.key == "ignoreregex" and hides(each.tree, expression.tree)), None
        )
        if forgiving is not None and not expression.pattern.flags & re.MULTILINE:
            where = _where(forgiving, expression)
            yield expression.warning(
                f"never counts, since the ignoreregex at {where} forgives whatever this one matches; "
                "make that one narrower"
            )


def _where(other: Expression, here: Expression) -> str:
    """Name another expression by its line, or by its text where both stand on one line."""
    one, two = other.rule, here.rule
    return (
        f'"{shown(one.text)}"' if (one.file, one.line) == (two.file, two.line) else f"{one.file}:{one.line}"
    )
