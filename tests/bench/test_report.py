from __future__ import annotations

import math
from pathlib import Path

from bench.figures import Figures, Program, Trial
from bench.report import Report
from bench.sizes import FULL, QUICK

ABOUT = {"kernel": "Linux 6.18", "processor": "some"}
BOTH = Figures({Program.BANISH: {Trial.FLOOD: [0.4]}, Program.FAIL2BAN: {Trial.FLOOD: [60.0, math.inf]}})


def test_it_says_on_what_it_was_measured() -> None:
    assert "kernel     Linux 6.18\nprocessor  some\n" in Report(FULL, BOTH, ABOUT, 0.0).text()


def test_it_says_why_a_column_is_empty() -> None:
    assert (
        "- CrowdSec: no network"
        in Report(FULL, Figures(absent={"crowdsec": "no network"}), ABOUT, 0.0).text()
    )


def test_it_says_what_went_wrong() -> None:
    assert "- flood: it has ended" in Report(FULL, Figures(failed=["flood: it has ended"]), ABOUT, 0.0).text()


def test_it_warns_of_figures_that_mean_little() -> None:
    good, bad = Report(FULL, BOTH, ABOUT, 0.0).text(), Report(QUICK, BOTH, ABOUT, 2.5).text()
    assert "quick" not in good
    assert "busy" not in good
    assert "quick: a fraction" in bad
    assert "busy at the start (load 2.5)" in bad


def test_every_sample_is_kept_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    report = Report(QUICK, BOTH, ABOUT, 0.25)
    report.write(path)
    assert "Infinity" not in path.read_text()
    assert report == Report.read(path)
