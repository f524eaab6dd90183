from __future__ import annotations

from pathlib import Path

from bench.figures import Figures, Program, Trial
from bench.publication import DOCS, figures, publish
from bench.report import Report
from bench.sizes import FULL

REPORT = Report(FULL, Figures({Program.BANISH: {Trial.FLOOD: [0.4]}}), {"kernel": "Linux"}, 0.0)


def test_figures_are_replaced_and_words_stay(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text((DOCS / "benchmarks.md").read_text())
    before = page.read_text()
    publish(REPORT, tmp_path)
    publish(REPORT, tmp_path)
    after = page.read_text()
    assert 1 == after.count(figures(REPORT))
    assert before.splitlines()[0] == after.splitlines()[0]
    assert before.splitlines()[-1] == after.splitlines()[-1]
    assert REPORT == Report.read(tmp_path / "benchmarks.json")
    assert (tmp_path / "benchmarks.svg").read_text().startswith("<svg")


def test_what_is_published_is_what_was_measured() -> None:
    samples = DOCS / "benchmarks.json"
    if samples.exists():
        assert figures(Report.read(samples)) in (DOCS / "benchmarks.md").read_text()
