"""The published figures: table, samples and picture in docs, all from one run."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bench.plot import picture
from bench.report import Report
from bench.table import markdown

DOCS: Final = Path(__file__).parent.parent / "docs"
_BEGIN: Final = "<!-- figures: written by `python -m bench --publish` -->\n"
_END: Final = "<!-- end of figures -->\n"


def publish(report: Report, docs: Path = DOCS) -> None:
    """Replace what is published; the words around the figures stay."""
    report.write(docs / "benchmarks.json")
    (docs / "benchmarks.svg").write_text(picture(report))
    page = docs / "benchmarks.md"
    before, begin, rest = page.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    page.write_text("".join((before, begin, figures(report), end, after)))


def figures(report: Report) -> str:
    """Return the part of the page that is made of figures."""
    machine = "".join(f"- {name}: {text}\n" for name, text in report.about.items())
    notes = "".join(f"- {note}\n" for note in report.notes())
    picture = "![Banish beside its peers](benchmarks.svg)\n"
    return f"\n{picture}\n{markdown(report.sizes, report.figures)}\n{machine}\n{notes}\n"
