from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

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


def test_what_works_otherwise_than_meant_is_told_with_its_place_and_cure(
    banish: Banish, directory: Path
) -> None:
    (directory / "jail.local").write_text(
        "[DEFAULT]\nignoreip = 192.0.2.7\n"
        "[web]\nignoreip = 203.0.113.1 0.0.0.0/0\n"
        "failregex = ^failed for .* from <HOST>\n  ^failed for root from <HOST>$\n"
        f"logpath = {directory}/web.log\n  {directory}/*.gone\n  {directory}/no/where.log\n"
    )
    status, text = banish("check", "-c", directory)
    assert status == 0
    told = [line for line in text.splitlines() if line.startswith("warning: ")]
    places = [line.removeprefix("warning: ").split(" = ")[0] for line in told]
    assert [
        "jail.local:4 [web] ignoreip",
        "jail.local:5 [web] failregex",
        "jail.local:6 [web] failregex",
        "jail.local:8 [web] logpath",
        "jail.local:9 [web] logpath",
    ] == places
    assert all(";" in line for line in told)
    assert "0 errors, 5 warnings" in text


@pytest.mark.slow
def test_expressions_that_explode_are_timed_unless_nobody_wants_to_wait(
    banish: Banish, directory: Path
) -> None:
    (directory / "jail.local").write_text("[web]\nfailregex = ^(?:\\w+\\s?)+: <HOST>$\n")
    status, text = banish("check", "-c", directory)
    assert status == 0
    assert 'jail.local:2 [web] failregex = "^(?:\\w+\\s?)+: <HOST>$": takes more than' in text
    status, text = banish("check", "-c", directory, "--measure", 0)
    assert status == 0
    assert "0 warnings" in text


@pytest.mark.slow
def test_what_there_was_no_time_to_measure_is_counted(banish: Banish, directory: Path) -> None:
    (directory / "jail.local").write_text("[web]\nfailregex = ^(?:\\w+\\s?)+: <HOST>$\n")
    status, text = banish("check", "-c", directory, "--measure", "0.000001")
    assert status == 0
    assert "1 expression not timed for want of time" in text


@pytest.mark.parametrize("seconds", ["-1", "nan", "inf", "soon"])
def test_time_to_measure_is_a_number_of_seconds(
    banish: Banish, directory: Path, seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        banish("check", "-c", directory, f"--measure={seconds}")
    assert "--measure" in capsys.readouterr().err


def test_the_journal_needs_no_files(banish: Banish, directory: Path) -> None:
    (directory / "jail.local").write_text("[web]\nbackend = systemd\nlogpath = /no/where/*.log\n")
    _, text = banish("check", "-c", directory)
    assert "no file matches" not in text


def test_expressions_without_a_word_to_look_for_are_named(banish: Banish, directory: Path) -> None:
    (directory / "jail.local").write_text("[web]\nfailregex = ^failed from <HOST>$\n  ^<HOST> \\d+$\n")
    status, text = banish("check", "-c", directory)
    assert 0 == status
    assert "web: the failregex at jail.local:3 has no word to look for, so every line is tried" in text
    assert 1 == text.count("no word to look for")
    _, text = banish("check", "--json", "-c", directory)
    [named] = json.loads(text)["wordless"]
    assert {"jail": "web", "file": "jail.local", "line": 3, "value": r"^<HOST> \d+$"} == named
