"""Expressions that took too long on some line, and are not used any more until the next start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from banish.core.config import JailConfig, Rule
from banish.core.expression import Expression

_SHOWN: Final = 200  # bytes of the line that did it


class Quarantine:
    """The expressions of these jails that are left out."""

    def __init__(self, jails: Iterable[JailConfig]) -> None:
        self._jails = {jail.name: jail for jail in jails}
        self._reports: dict[Expression, str] = {}

    @property
    def expressions(self) -> frozenset[Expression]:
        """Return all of them."""
        return frozenset(self._reports)

    def add(self, expression: Expression, line: bytes, fault: str) -> str:
        """Leave an expression out, and say so in words: where it stands, its fault, and on which line."""
        jail = self._jails[expression.jail]
        rule = _rule(jail, expression)
        place = f"{rule.file}:{rule.line} " if rule and rule.file else ""
        shown = repr(line[:_SHOWN].decode(errors="replace"))
        what = f"{place}[{jail.name}] {expression.key} {expression.number + 1}"
        cost = "lines of this jail are passed over" if _is_all(expression) else "it is left out"
        report = f"{what}: {fault}, and {cost} until the next start; the line began with {shown}"
        self._reports[expression] = report
        return report

    def reports(self) -> tuple[str, ...]:
        """Return what was said of each."""
        return tuple(self._reports.values())


def _is_all(expression: Expression) -> bool:
    """Whether nothing of the jail can match without this."""
    return expression.key in {"datepattern", "prefregex"}


def _rule(jail: JailConfig, expression: Expression) -> Rule | None:
    match expression.key:
        case "prefregex":
            return jail.prefregex
        case "failregex":
            return _at(jail.failregex, expression.number)
        case "ignoreregex":
            return _at(jail.ignoreregex, expression.number)
        case _:
            return None


def _at(rules: tuple[Rule, ...], index: int) -> Rule | None:
    return rules[index] if index < len(rules) else None
