from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from banish import __version__
from banish.faces.cli.main import COMMANDS, main

Banish = Callable[..., tuple[int, str]]


def test_no_word_is_misuse_and_answered_with_help(banish: Banish) -> None:
    status, text = banish()
    assert status == 2
    assert all(purpose in text for purpose in COMMANDS.values())


def test_an_unknown_word_is_misuse_and_the_words_are_listed(banish: Banish) -> None:
    status, text = banish("stat")
    assert status == 2
    assert 'no such command: "stat"; there are run, check, try, ' in text


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert f"banish {__version__}\n" == capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_speaks_json(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    text = capsys.readouterr().out
    assert f"usage: banish {command}" in text
    assert "--json" in text


def test_an_option_that_is_none_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["status", "--loud"])
    assert "--loud" in capsys.readouterr().err


@pytest.mark.slow
def test_a_reader_that_has_seen_enough_is_no_trouble() -> None:
    command = f"{sys.executable} -m banish.faces.cli.main check --json | true"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False
    )
    assert (0, "") == (result.returncode, result.stderr)


@pytest.mark.slow
def test_a_question_to_the_daemon_does_not_load_the_engine() -> None:
    """A status is asked every few seconds by monitoring; it must start quickly."""
    loaded = "[name in sys.modules for name in ('banish.core.engine', 'asyncio')]"
    code = f"import sys; import banish.faces.cli.status; print({loaded})"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[False, False]\n" == result.stdout
