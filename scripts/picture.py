"""Draw what a program shows on a terminal, as SVG: ANSI colours in on standard input, a picture out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple

COLUMN, ROW, BASE = 8.4, 18, 13  # of a character of 14 px, in px; the base line lies so far below its top
MARGIN, BAR = 18, 34
FONT: Final = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"

STYLES: Final = {
    "1": "font-weight:bold;fill:#f0f6fc",
    "2": "fill:#7d8590",
    "31": "fill:#ff7b72",
    "32": "fill:#56d364",
    "33": "fill:#e3b341",
}
"""What each code of ANSI X3.64 looks like; of several, the last word on the colour holds."""

SEQUENCE: Final = re.compile(r"\x1b\[([\d;]*)m")


class Run(NamedTuple):
    """Characters in one style, from a column on."""

    column: int
    text: str
    style: str


def runs(line: str) -> Iterator[Run]:
    """Take a line apart."""
    column, style = 0, ""
    for number, part in enumerate(SEQUENCE.split(line)):
        if number % 2:
            style = ";".join(STYLES[code] for code in part.split(";") if code in STYLES)
        elif part:
            yield Run(column, part, style)
            column += len(part)


def drawn(line: str, top: float) -> Iterator[str]:
    """Draw a line; each run has its length, so that the columns hold in every font."""
    for run in runs(line):
        text = run.text.rstrip()
        if not text:
            continue
        blank = len(text) - len(text.lstrip())
        text, column = text[blank:], run.column + blank
        style = f' style="{run.style}"' if run.style else ""
        x, length = MARGIN + column * COLUMN, len(text) * COLUMN
        place = f'x="{x:.1f}" y="{top + BASE:g}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
        yield f"<text {place}{style}>{escape(text)}</text>"


def picture(lines: list[str], title: str) -> str:
    """Draw a window with these lines."""
    columns = max(len(SEQUENCE.sub("", line)) for line in lines)
    width, height = columns * COLUMN + 2 * MARGIN, len(lines) * ROW + BAR + MARGIN
    dots = "".join(
        f'<circle cx="{MARGIN + 4 + 18 * place}" cy="{BAR / 2:g}" r="5" fill="{colour}"/>'
        for place, colour in enumerate(("#ff5f57", "#febc2e", "#28c840"))
    )
    body = "\n".join(part for number, line in enumerate(lines) for part in drawn(line, BAR + number * ROW))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:g}" width="{width:.0f}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>{dots}\n'
        f'<g fill="#c9d1d9" font-size="14" xml:space="preserve" font-family="{FONT}">\n{body}\n</g>\n</svg>'
    )


def main() -> None:
    """Draw standard input, as if `make demo` had been typed before it."""
    lines = ["\x1b[2m$\x1b[0m make demo", *sys.stdin.read().rstrip("\n").split("\n")]
    print(picture(lines, "make demo: a real attack on sshd, and Banish"))


if __name__ == "__main__":
    main()
