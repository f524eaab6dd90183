from __future__ import annotations

import math
import xml.etree.ElementTree as ET

from bench.figures import Figures, Program, Trial
from bench.plot import picture
from bench.report import Report
from bench.sizes import FULL

SVG = "{http://www.w3.org/2000/svg}"
ALL = Figures({program: {trial: [1e5] for trial in Trial} for program in Program})
TRAPPED = Figures(
    {
        Program.BANISH: {Trial.SINGLE_TRAPPED: [0.1]},
        Program.FAIL2BAN: {Trial.SINGLE_TRAPPED: [0.1, math.inf]},
        Program.GREP: {Trial.SINGLE_TRAPPED: [0.0]},
    }
)


def drawn(figures: Figures) -> ET.Element:
    return ET.fromstring(picture(Report(FULL, figures, {}, 0.0)))


def texts(figures: Figures) -> list[str]:
    return [each.text or "" for each in drawn(figures).iter(f"{SVG}text")]


def test_every_dot_is_in_the_picture() -> None:
    picture = drawn(ALL)
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    dots = list(picture.iter(f"{SVG}circle"))
    assert len(dots) > 17 * len(Program)
    assert all(0 < float(dot.attrib["cx"]) < width for dot in dots)
    assert all(0 < float(dot.attrib["cy"]) < height for dot in dots)


def test_what_was_not_measured_takes_no_room() -> None:
    assert float(drawn(TRAPPED).attrib["viewBox"].split()[3]) < 250
    assert "Memory: less is better" not in texts(TRAPPED)


def test_figures_of_banish_are_written_and_what_never_came() -> None:
    found = texts(TRAPPED)
    assert "100 ms" in found
    assert "never" in found


def test_who_was_not_measured_is_not_in_the_legend() -> None:
    assert "CrowdSec" not in texts(TRAPPED)
    assert "CrowdSec" in texts(ALL)


def test_nothing_at_all_can_be_drawn() -> None:
    assert ["svg"] == [drawn(Figures()).tag.removeprefix(SVG)]
