"""The picture of a run: for each work a line, on it a dot for each program, on scales of powers of ten (SVG).

All colours are halfway between light and dark, to be read on both; the ground is left open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple

from bench.figures import Figures, Program, Trial
from bench.report import Report
from bench.rows import MB, MS, RATE, Row, S, Unit
from bench.samples import almost_all, median
from bench.sizes import Sizes
from bench.table import NAMES, written

_COLOURS: Final = {
    Program.GREP: "#98a0a8",
    Program.CROWDSEC: "#b678c4",
    Program.SSHGUARD: "#2f9e7c",
    Program.FAIL2BAN: "#4a90d9",
    Program.BANISH: "#e8590c",
}
"""In the order in which they are drawn: Banish above all others."""

_TEXT, _LINE = "#7d8590", "#7d859055"
_FONT: Final = "system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif"
_WIDTH, _LEFT, _RIGHT = 860, 300, 800  # of the picture, and where scales begin and end, in px
_TOP, _HEAD, _STEP, _GAP = 58, 34, 30, 34  # of the legend, a heading, a row, and between panels
_NEVER: Final = 826


class Panel(NamedTuple):
    """Works with one scale, between two powers of ten."""

    title: str
    rows: list[Row]
    low: int
    high: int
    unit: Unit

    def place(self, value: float) -> float:
        """Return where a figure is on the scale."""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return _LEFT + (_RIGHT - _LEFT) * min(max(share, 0.0), 1.0)


def panels(sizes: Sizes) -> list[Panel]:
    """Return what is drawn."""
    full, size = f"{sizes.pasts[-1]:,}", f"{sizes.busy_bytes >> 20:,} MiB"
    reading = [
        Row("attacked sshd", Trial.SSH, RATE),
        Row("access log, 1 jail", Trial.WEB_1, RATE),
        Row("access log, 6 jails", Trial.WEB_6, RATE),
        Row("access log, 20 jails", Trial.WEB_20, RATE),
        Row("mail log, 4 jails", Trial.MAIL, RATE),
    ]
    acting = [
        Row("log line → kernel (99%)", Trial.SINGLE, MS, almost_all),
        Row(f"… with {size} in another log (99%)", Trial.SINGLE_BUSY, MS, almost_all),
        Row("… an expression explodes elsewhere", Trial.SINGLE_TRAPPED, MS, max),
        Row(f"… {full} in the set (99%)", Trial.SINGLE_FULL, MS, almost_all),
        Row(f"{sizes.flood:,} addresses at once", Trial.FLOOD, S),
        Row("start with all stock jails", Trial.READY_STOCK, S),
        Row(f"restart with {sizes.flood:,} bans", Trial.AGAIN, S),
        Row(f"restart with {full} bans", Trial.RESTART_FULL, S),
    ]
    holding = [
        Row("sshd alone", Trial.IDLE, MB),
        Row("all stock jails", Trial.IDLE_STOCK, MB),
        Row(f"{sizes.failing:,} failing addresses", Trial.FAILING, MB),
        Row(f"{full} bans", Trial.FULL_MEMORY, MB, median),
    ]
    return [
        Panel("Lines read in a second: more is better", reading, 2, 8, Unit("", 1)),
        Panel("Time: less is better", acting, -3, 2, Unit(" s", 1)),
        Panel("Memory: less is better", holding, 6, 9, Unit(" MB", 1e6)),
    ]


def picture(report: Report) -> str:
    """Draw a run."""
    body, top = list(_legend(report.figures)), _TOP
    for panel in panels(report.sizes):
        rows = [row for row in panel.rows if any(report.figures.of(each, row.trial) for each in Program)]
        if rows:
            body += _panel(panel._replace(rows=rows), report.figures, top)
            top += _HEAD + _STEP * len(rows) + _GAP
    title = "Banish beside its peers, in one run on one machine"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {top}" width="{_WIDTH}">\n'
        f"<title>{title}</title>\n"
        f'<g font-family="{_FONT}" font-size="13" fill="{_TEXT}">\n' + "\n".join(body) + "\n</g>\n</svg>\n"
    )


def _legend(figures: Figures) -> Iterator[str]:
    x = 20
    for program in reversed(_COLOURS):
        if figures.samples.get(program):
            yield _dot(x, 24, program)
            yield _text(x + 12, 28.5, NAMES[program], weight=_weight(program))
            x += 42 + 7 * len(NAMES[program])


def _panel(panel: Panel, figures: Figures, top: float) -> Iterator[str]:
    bottom = top + _HEAD + _STEP * len(panel.rows)
    yield _text(20, top + 16, panel.title, weight="600", size=15)
    for power in range(panel.low, panel.high + 1):
        x = panel.place(10**power)
        yield f'<path d="M{x:.1f} {top + _HEAD - 4}V{bottom - 4}" stroke="{_LINE}" stroke-dasharray="2 4"/>'
        yield _text(x, bottom + 12, _tick(power, panel.unit), anchor="middle", size=11)
    for number, row in enumerate(panel.rows):
        yield from _row(panel, row, figures, top + _HEAD + _STEP * (number + 0.5))


def _row(panel: Panel, row: Row, figures: Figures, y: float) -> Iterator[str]:
    yield _text(_LEFT - 16, y + 4.5, row.text, anchor="end")
    yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="{_LINE}"/>'
    for program in _COLOURS:
        value = row.figure(figures, program)
        if value is None or value <= 0:
            continue
        x = _NEVER if math.isinf(value) else panel.place(value)
        if program is Program.BANISH or math.isinf(value):
            text = written(value, row.unit)
            yield _text(x, y - 8, text, anchor="middle", size=11, weight="600", colour=_COLOURS[program])
        yield _dot(x, y, program)


def _tick(power: int, unit: Unit) -> str:
    value = 10**power / unit.size
    if value >= 1e6:
        return f"{value / 1e6:g} M{unit.name}"
    return f"{value:,.3f}".rstrip("0").removesuffix(".") + unit.name


def _weight(program: Program) -> str:
    return "600" if program is Program.BANISH else "400"


def _dot(x: float, y: float, program: Program) -> str:
    radius = 6 if program is Program.BANISH else 4.5
    return f'<circle cx="{x:.1f}" cy="{y:g}" r="{radius}" fill="{_COLOURS[program]}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    anchor: str = "start",
    size: int = 13,
    weight: str = "400",
    colour: str = _TEXT,
) -> str:
    style = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{colour}"'
    return f'<text x="{x:.1f}" y="{y:g}" {style}>{escape(text)}</text>'
