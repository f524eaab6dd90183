"""The report: what was used, how often each expression matched, which lines were missed.

Labels, order and layout are a contract with those who read reports by program.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from banish.core.config import JailConfig, Rule
from banish.core.dates import Standing
from banish.core.model import Instant
from banish.faces.fail2ban.debuggex import links
from banish.faces.fail2ban.failures import literals
from banish.faces.fail2ban.ink import Ink
from banish.faces.fail2ban.options import Options
from banish.faces.fail2ban.tally import FEW, Kind, Mark, Tally


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report is made of; `standings` are absent where dates were known without looking."""

    options: Options
    jail: JailConfig
    tally: Tally
    standings: Sequence[Standing] | None
    seconds: float
    now: Instant

    def lines(self, ink: Ink) -> Iterator[str]:
        """Yield the report, line by line."""
        jail, tally = self.jail, self.tally
        yield from ("", ink.head("Results"), ink.head("======="), "")
        if jail.prefregex:
            yield from self._prefix(jail.prefregex, ink)
        yield from self._rules("Failregex", jail.failregex, tally.fail_hits, ink)
        yield from self._rules("Ignoreregex", jail.ignoreregex, tally.ignore_hits, ink)
        if self.standings is not None:
            yield from self._dates(self.standings, ink)
        matched, ignored, missed = tally.matched, tally.ignored, tally.missed
        counts = (
            f"{tally.total} lines",
            ink.odd(f"{ignored.count} ignored"),
            ink.good(f"{matched.count} matched"),
            ink.bad(f"{missed.count} missed"),
        )
        yield from (f"Lines: {', '.join(counts)}", f"[processed in {self.seconds:.2f} sec]", "")
        if self.options.all_matched:
            yield from self._lines(ink.good("Matched"), matched, jail.failregex, ink, "")
        if not self.options.no_ignored:
            yield from self._lines(ink.odd("Ignored"), ignored, jail.ignoreregex, ink, "ignored")
        if not self.options.no_missed:
            yield from self._lines(ink.bad("Missed"), missed, jail.failregex, ink, "missed")

    def _prefix(self, rule: Rule, ink: Ink) -> Iterator[str]:
        groups = self.tally.prefixes if self.options.verbosity > 0 else ()
        yield ink.head(f"Prefregex: {self.tally.prefix_hits} total")
        yield f"|  {rule.regex}"
        yield from (f"|      {ink.clean(literals(group))}" for group in groups)
        if groups and self.tally.prefix_hits > len(groups):
            yield "|      ..."
        yield from ("`-", "")

    def _rules(self, title: str, rules: Sequence[Rule], hits: dict[int, int], ink: Ink) -> Iterator[str]:
        rows: list[str] = []
        for number, rule in enumerate(rules):
            if hits.get(number) or self.options.verbosity > 0:
                rows.append(f"{number + 1:2}) [{hits.get(number, 0)}] {rule.text}")
            if title == "Failregex":
                rows += (f"    {self._mark(mark, ink)}" for mark in self.tally.marks.get(number, ()))
        yield ink.head(f"{title}: {sum(hits.values())} total")
        yield from _box(" #) [# of hits] regular expression", rows)
        yield ""

    def _mark(self, mark: Mark, ink: Ink) -> str:
        when = time.localtime(self.now if mark.at is None else mark.at)
        note = " (multiple regex matched)" if mark.is_third else ""
        return f"{ink.clean(str(mark.id))}  {time.strftime('%a %b %d %H:%M:%S %Y', when)}{note}"

    def _dates(self, standings: Sequence[Standing], ink: Ink) -> Iterator[str]:
        rows: list[str] = []
        for template, hits, merit in standings:
            if not hits and self.options.verbosity <= 0:
                continue
            rows.append(f"[{hits}] {template.name}")
            if self.options.verbose_date:
                weight = f"{merit:.3f} ({template.weight:.3f})"
                rows.append(f"    # weight: {weight}, pattern: {template.pattern}")
                rows.append(f"    # regex:   {template.regex.pattern}")
        yield ink.head("Date template hits:")
        yield from _box("[# of hits] date format", rows)
        yield ""

    def _lines(self, title: str, kind: Kind, rules: Iterable[Rule], ink: Ink, option: str) -> Iterator[str]:
        """Yield a list of lines, or the advice how to get it if it is long."""
        if kind.limit is not None and kind.count >= FEW:
            hint = f"Use --print-all-{option} to print all {kind.count} lines"
            yield f"{title} line(s): too many to print.  {hint}"
            return
        plain = (line.whole.rstrip() for line in kind.lines)
        texts = links(kind.lines, rules) if self.options.debuggex else plain
        yield from _box(f"{title} line(s):", [ink.clean(text) for text in texts])


def _box(head: str, rows: Sequence[str]) -> Iterator[str]:
    """Draw a frame around rows; nothing around none."""
    if rows:
        yield f"|- {head}"
        yield from (f"|  {row}" for row in rows)
        yield "`-"
