from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

Banish = Callable[..., tuple[int, str]]


def test_a_good_configuration_is_told_in_one_line_a_jail(banish: Banish, directory: Path) -> None:
    status, text = banish("check", "-c", directory)
    assert status == 0
    assert f"{directory}: 2 jails can run, 0 errors, 0 warnings" in text
    assert (
        f"  web: reads {directory}/web.log (not there yet); 3 failures in 10m ban for 10m; cuts tcp 80"
        in text
    )


def test_every_mistake_is_told_with_its_place(banish: Banish, directory: Path) -> None:
    (directory / "jail.local").write_text("[web]\nfindtime = soon\nfailregex = (\n")
    status, text = banish("check", "-c", directory)
    assert status == 1
    assert 'error: jail.local:2 [web] findtime = "soon"' in text
    assert 'error: jail.local:3 [web] failregex = "("' in text or "jail.local:3" not in text
    assert "1 jail can run" in text


def test_programs_get_one_object(banish: Banish, directory: Path) -> None:
    (directory / "web.log").touch()
    (directory / "jail.local").write_text("[slow]\nbantime = -1\nmaxretyr = 4\n")
    status, text = banish("check", "--json", "-c", directory)
    assert status == 0
    answer = json.loads(text)
    web, slow = answer["jails"]
    assert [str(directory / "web.log")] == web["files"]
    assert ["tcp 80"] == web["cuts"]
    assert -1 == slow["bantime"]
    [problem] = answer["problems"]
    assert ("warning", "jail.local", 3, "maxretyr") == tuple(
        problem[key] for key in ("severity", "file", "line", "key")
    )
    assert "maxretry" in problem["text"]
