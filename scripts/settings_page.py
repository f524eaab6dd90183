"""Write docs/settings.md from the table of settings, so that the two cannot differ."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from banish.core.settings import JAIL, SERVER, Setting

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

HEAD = """\
# Settings

Every setting that Banish reads, from the table in `src/banish/core/settings.py` (this page is written by
`scripts/settings_page.py`). They are fail2ban's, with the same names and meanings; `guard`, `bans_on_stop`
and `scanners` are Banish's own. Durations are written `600`, `10m`, `1h 30m`, `1w`; flags `yes` and `no`.
"""


def page() -> str:
    """Return the page as it should be."""
    jail = _table(
        "Of a jail",
        "in `jail.local` or a file in `jail.d/`, in `[DEFAULT]` or a jail's section",
        JAIL.values(),
    )
    server = _table(
        "Of the whole", "in `[Definition]` of `fail2ban.local` or `banish.local`", SERVER.values()
    )
    return f"{HEAD}\n{jail}\n{server}"


def _table(title: str, place: str, settings: Iterable[Setting]) -> str:
    rows = "\n".join(
        f"| `{each.name}` | {_kind(each)} | {_code(each.default)} | {each.help} |" for each in settings
    )
    head = "| name | value | default | what it says |\n|---|---|---|---|"
    return f"## {title}\n\nWritten {place}.\n\n{head}\n{rows}\n"


def _kind(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(_code(choice) for choice in setting.choices)
    return f"{setting.kind.value} ({setting.unit})" if setting.unit else setting.kind.value


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    PAGE.write_text(page())
