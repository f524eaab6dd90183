"""The options before a command."""

from __future__ import annotations

import pytest

from banish.faces.fail2ban.clientoptions import MisuseError, parse


def test_options_end_where_the_command_begins() -> None:
    options = parse(["-c", "/etc", "-xvv", "-q", "--sock=/s", "--timeout", "1m", "--pname", "x", "get", "-f"])
    assert ("/etc", "/s", True, 1, 60.0) == (
        options.conf, options.socket, options.force, options.verbosity, options.timeout,
    )  # fmt: skip
    assert ["get", "-f"] == options.words
    assert not options.foreground


@pytest.mark.parametrize(
    ("word", "field"),
    [("-d", "dumps"), ("--dp", "dumps_pretty"), ("-t", "tests"), ("-i", "interactive"), ("-f", "foreground"),
     ("-h", "wants_help"), ("--test", "tests")],
)  # fmt: skip
def test_an_option_is_heard(word: str, field: str) -> None:
    assert getattr(parse([word]), field)


def test_the_last_word_counts() -> None:
    assert not parse(["-f", "-b"]).foreground
    assert "short" == parse(["-V"]).version
    assert "long" == parse(["--version"]).version
    assert "1d" == parse(["--str2sec", "1d"]).span


@pytest.mark.parametrize("words", [["--nonsense"], ["-c"], ["-z"], ["--s", "x"]])
def test_what_is_no_option_is_told(words: list[str]) -> None:
    with pytest.raises(MisuseError):
        parse(words)
