from __future__ import annotations

import pytest

from banish.compat import FAIL2BAN_VERSION
from banish.core.config import UseDns
from banish.core.errors import ConfigError
from banish.faces.fail2ban.options import parse


def test_a_log_and_an_expression_are_enough() -> None:
    options = parse(["log", "regex"])
    assert ("log", "regex", None, None) == (options.log, options.regex, options.ignoreregex, options.config)
    assert (0, "", UseDns.WARN, 50) == (options.maxlines, options.out, options.usedns, options.loglevel)
    assert options.check_all


def test_options_stand_anywhere_and_may_be_cut_short() -> None:
    options = parse(["log", "--print-all-mi", "regex", "-vvc", "conf", "ignore", "--TZ=UTC", "-L", "3"])
    assert options.all_missed
    assert (2, "conf", "ignore", "UTC", 3) == (
        options.verbosity,
        options.config,
        options.ignoreregex,
        options.timezone,
        options.maxlines,
    )


def test_behind_two_dashes_everything_is_an_argument() -> None:
    assert "-v" == parse(["--", "log", "regex", "-v"]).ignoreregex


@pytest.mark.parametrize(
    ("words", "usedns"),
    [
        ([], UseDns.WARN),
        (["-r"], UseDns.RAW),
        (["--usedns", "Yes"], UseDns.YES),
        (["--usedns", "no", "--raw"], UseDns.RAW),
        (["--usedns", "perhaps"], UseDns.NO),
    ],
)
def test_what_is_done_with_names(words: list[str], usedns: UseDns) -> None:
    assert usedns is parse(["log", "regex", *words]).usedns


def test_log_levels_are_names_or_numbers() -> None:
    assert (10, 7) == tuple(parse(["log", "regex", "-l", level]).loglevel for level in ("debug", "7"))
    with pytest.raises(ConfigError, match='"loud" is no log level; there are CRITICAL'):
        parse(["log", "regex", "-l", "loud"])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["log"],
        ["log", "regex", "ignore", "more"],
        ["log", "regex", "--print-no-missed", "--print-all-missed"],
        ["log", "regex", "--print-no-ignored", "--print-all-ignored"],
    ],
)
def test_what_cannot_be_done_is_refused_below_the_help(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words)
    captured = capsys.readouterr()
    assert 255 == end.value.code
    assert captured.out.startswith("Usage: fail2ban-regex [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]\n")
    assert captured.err.startswith("\nERROR: ")


@pytest.mark.parametrize("words", [["--nosuch"], ["-L", "x"], ["-c"], ["--print-all"]])
def test_options_that_do_not_exist_end_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(words)
    assert 2 == end.value.code
    assert "fail2ban-regex: error: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "start"),
    [
        ("-V", f"{FAIL2BAN_VERSION}\n"),
        ("--version", f"fail2ban-regex {FAIL2BAN_VERSION} (Banish "),
        ("--help", "Usage: fail2ban-regex [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]\n\nTry expressions,"),
    ],
)
def test_versions_and_help_are_printed(word: str, start: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse([word])
    assert not end.value.code
    assert capsys.readouterr().out.startswith(start)


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["--TZ", "Mars"], '^logtimezone = "Mars": not a zone'),
        (["-L", "-1"], "^maxlines = -1: too small"),
        (["-m", "'a"], "close the quotes"),
    ],
)
def test_values_that_mean_nothing_are_refused(words: list[str], trouble: str) -> None:
    with pytest.raises(ConfigError, match=trouble):
        parse(["log", "regex", *words])
