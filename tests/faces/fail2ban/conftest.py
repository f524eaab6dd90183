"""A small configuration, and the command run in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from banish.faces.fail2ban.regex import main

Regex = Callable[..., tuple[int, str]]

LOG = """\
# a comment
2026-11-20 10:00:01 login failed for anna from 192.0.2.1
2026-11-20 10:00:02 login failed for bert from 2001:db8::7

2026-11-20 10:00:03 probe from 192.0.2.2
2026-11-20 10:00:04 probe from 198.51.100.97
2026-11-20 10:00:05 something else
no date at all
"""

FILTERS = {
    "web": r"""
[Definition]
failregex = ^\s*<verb> failed for <F-USER>\S+</F-USER> from <HOST>$
            ^\s*probe from <HOST>$
ignoreregex = from 198\.51\.100\.97
datepattern = ^%%Y-%%m-%%d %%H:%%M:%%S
[Init]
verb = login
""",
    "story": r"""
[Definition]
prefregex = ^\s*<F-MLFID>c\d+</F-MLFID> <F-CONTENT>.+</F-CONTENT>$
failregex = ^<F-NOFAIL>open</F-NOFAIL> <ADDR>$
            ^bad <F-USER>\S+</F-USER>$
            ^bad \w+$
""",
    "lines": "[Definition]\nmaxlines = 1\nfailregex = from <HOST>\n",
}

STORY = """\
2026-11-20 10:00:01 c1 open 192.0.2.1
2026-11-20 10:00:02 c1 bad anna
2026-11-20 10:00:03 c2 bad bert
2026-11-20 10:00:04 c2 other
"""

JAILS = """\
[DEFAULT]
filter = %(__name__)s[verb=%(verb)s]
verb = login
[web]
[strict]
filter = web
failregex = ^\\s*probe from <HOST>$
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Write a configuration with filters, and a log beside it."""
    (tmp_path / "filter.d").mkdir()
    for name, text in FILTERS.items():
        (tmp_path / "filter.d" / f"{name}.conf").write_text(text)
    (tmp_path / "jail.conf").write_text(JAILS)
    (tmp_path / "log").write_text(LOG)
    (tmp_path / "story.log").write_text(STORY)
    return tmp_path


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the machine be in Greenwich."""
    import time  # noqa: PLC0415 - the fixture is what needs it

    monkeypatch.setenv("TZ", "UTC0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def regex(capsys: pytest.CaptureFixture[str], zone: None) -> Regex:
    """Run the command; return its status and what it printed."""
    del zone

    def run(*words: object) -> tuple[int, str]:
        try:
            status = main([str(word) for word in words])
        except SystemExit as end:
            status = int(end.code or 0)
        captured = capsys.readouterr()
        return status, captured.out + captured.err

    return run
