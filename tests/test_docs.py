"""What is written for people is true: every setting, command and decision is where it is said to be."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from banish.faces.cli.main import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]


def test_the_page_of_settings_is_written_from_the_table() -> None:
    spec = importlib.util.spec_from_file_location("settings_page", ROOT / "scripts" / "settings_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.page() == (ROOT / "docs" / "settings.md").read_text(), "run scripts/settings_page.py"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_line(command: str) -> None:
    assert f"| `banish {command}" in (ROOT / "docs" / "commands.md").read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_decisions_are_numbered_without_gaps() -> None:
    pages = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [f"{number:04d}" for number in range(1, len(pages) + 1)] == [name[:4] for name in pages]


def test_modules_named_by_the_architecture_exist() -> None:
    source = ROOT / "src" / "banish"
    text = (ROOT / "ARCHITECTURE.md").read_text()
    for path in re.findall(r"`(?:src/banish/)?((?:core|daemon|compat|adapters|faces)/[\w/]+\.py)`", text):
        assert (source / path).exists(), path


def test_every_target_of_make_is_explained() -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()
    assert [] == [target for target in targets if f"make {target}" not in readme]
