from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parent.parent.parent
SPACE = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> dict[str, ET.Element]:
    return {element.text or "": element for element in ET.fromstring(svg).iter(f"{SPACE}text")}


@pytest.mark.slow
def test_what_a_terminal_shows_becomes_a_picture() -> None:
    script = (sys.executable, "-B", str(ROOT / "scripts" / "picture.py"))
    screen = "\x1b[1;31mBANNED\x1b[0m <now> & here\n\n  end\n"
    drawn = texts(subprocess.run(script, input=screen, capture_output=True, text=True, check=True).stdout)
    assert ["$", "make demo", "BANNED", "<now> & here", "end"] == list(drawn)
    assert "#ff7b72" in drawn["BANNED"].attrib["style"]
    assert float(drawn["BANNED"].attrib["x"]) < float(drawn["<now> & here"].attrib["x"])
    assert float(drawn["BANNED"].attrib["y"]) < float(drawn["end"].attrib["y"])


def test_the_picture_in_the_documents_is_of_a_run_that_went_well() -> None:
    drawn = texts((ROOT / "docs" / "demo.svg").read_text())
    assert {"BANNED", "SPARED", "FREE", "IN NUMBERS"} <= set(drawn)
