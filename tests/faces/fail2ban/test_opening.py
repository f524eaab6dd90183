from __future__ import annotations

from pathlib import Path

import pytest

from banish.adapters.journal.query import Query
from banish.faces.fail2ban.naming import resolve
from banish.faces.fail2ban.opening import ignore_line, log_lines, named_lines, real_line, rule_lines, title
from banish.faces.fail2ban.options import parse
from banish.faces.fail2ban.rules import changed, compiled, jail_of
from banish.faces.fail2ban.source import Journal, LogFile, LogText


def test_it_begins_with_a_title() -> None:
    assert ["", "Running tests", "=============", ""] == list(title())


@pytest.mark.parametrize(
    ("word", "lines"),
    [
        ("web[verb=x]", ["Use             jail : web", "Use jail/flt options : {'verb': 'x'}"]),
        ("story", ["Use      filter file : story, basedir: {tree}"]),
        (
            "{tree}/lone.conf[a=1]",
            ["Use      filter file : {tree}/lone", "Use   filter options : {{'a': '1'}}"],
        ),
        ("<HOST>" + "x" * 47, ["Use   failregex line : <HOST>" + "x" * 47]),
        ("<HOST>" + "x" * 48, ["Use   failregex line : <HOST>" + "x" * 44 + "..."]),
    ],
)
def test_what_is_tried_is_named(tree: Path, word: str, lines: list[str]) -> None:
    (tree / "lone.conf").touch()
    named = resolve(word.replace("{tree}", str(tree)), str(tree))
    expected = [line.replace("{tree}", str(tree)).replace("{{", "{").replace("}}", "}") for line in lines]
    assert expected == list(named_lines(named))


def test_the_options_that_a_filter_gets_are_told(tree: Path) -> None:
    named = resolve("story[a=1]", str(tree))
    assert ["Real  filter options : {'logtype': 'file', 'a': '1', 'backend': 'auto'}"] == list(
        real_line(named, "auto")
    )
    assert "'logtype': 'journal'" in next(real_line(named, "systemd"))
    assert [] == list(real_line(resolve("x <HOST>", None), "auto"))


def test_lines_and_dates_are_told_where_they_come_from(tree: Path) -> None:
    def lines(*words: str, maxlines: bool = False) -> tuple[list[str], list[str]]:
        options = parse(["log", *words])
        rules = compiled(changed(jail_of(resolve(options.regex, str(tree)), "auto"), options))
        return rule_lines(options, rules, maxlines=maxlines)

    date = "Use      datepattern : ^%Y-%m-%d %H:%M:%S : ^Year-Month-Day 24hour:Minute:Second"
    assert ([], [date]) == lines("web")
    assert ([], []) == lines("story")
    assert ([], ["Use         maxlines : 1"]) == lines("story", maxlines=True)
    assert (["Use         maxlines : 2", "Use      datepattern : %Y\n%m : Year"], []) == lines(
        "web", "-L", "2", "-d", "%Y\n%m"
    )
    assert ["Use      datepattern : {DATE} : Default Detectors"] == lines("web", "-d", "{DATE}")[0]


def test_an_ignore_expression_is_told_if_it_was_given() -> None:
    assert ["Use ignoreregex line : x"] == list(ignore_line(parse(["log", "regex", "x"])))
    assert [] == list(ignore_line(parse(["log", "regex"])))


def test_the_source_of_the_lines_is_told() -> None:
    assert ["Use         log file : a", "Use         encoding : UTF-8", ""] == list(
        log_lines(LogFile("a"), "UTF-8", ())
    )
    assert ["Use      single line : a", ""] == list(log_lines(LogText("a"), "UTF-8", ()))
    assert ["Use      multi line : 2 line(s)", "|  1: a", "|  2: b", "`-", ""] == list(
        log_lines(LogText("a\nb"), "UTF-8", ())
    )
    journal = ["Use         systemd journal", "Use         encoding : UTF-8"]
    assert [*journal, "Use    journal match : A=1 + B=2", ""] == list(
        log_lines(Journal(Query(())), "UTF-8", ("A=1", "B=2"))
    )
    assert [*journal, ""] == list(log_lines(Journal(Query(())), "UTF-8", ()))
