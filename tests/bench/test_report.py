from __future__ import annotations

import json
from pathlib import Path

from bench.figures import FLOOD, Figures
from bench.report import report, write
from bench.sizes import FULL, QUICK

ABOUT = {"kernel": "Linux 6.18", "processor": "some"}
BOTH = Figures({FLOOD: [0.4]}, {FLOOD: [60.0]})


def test_it_says_on_what_it_was_measured() -> None:
    assert "kernel     Linux 6.18\nprocessor  some\n" in report(FULL, BOTH, ABOUT, 0.0)


def test_it_says_why_a_column_is_empty() -> None:
    assert "- fail2ban: no network" in report(FULL, Figures(absent="no network"), ABOUT, 0.0)


def test_it_says_what_was_not_done_by_fail2ban_itself() -> None:
    assert "put there by nft" in report(FULL, BOTH, ABOUT, 0.0)


def test_it_warns_of_figures_that_mean_little() -> None:
    assert "quick" not in report(FULL, BOTH, ABOUT, 0.0)
    assert "busy" not in report(FULL, BOTH, ABOUT, 0.0)
    assert "quick: a tenth" in report(QUICK, BOTH, ABOUT, 0.0)
    assert "busy at the start (load 2.5)" in report(FULL, BOTH, ABOUT, 2.5)


def test_every_sample_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    write(path, FULL, BOTH, ABOUT, 0.25)
    kept = json.loads(path.read_text())
    assert ({FLOOD: [0.4]}, {FLOOD: [60.0]}) == (kept["banish"], kept["fail2ban"])
    assert (ABOUT, 0.25, 5_000) == (kept["machine"], kept["load"], kept["sizes"]["flood"])
