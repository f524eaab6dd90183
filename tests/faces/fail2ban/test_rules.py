from __future__ import annotations

from pathlib import Path

import pytest

from banish.core.config import UseDns
from banish.core.errors import ConfigError
from banish.core.model import FOREVER
from banish.faces.fail2ban.naming import resolve
from banish.faces.fail2ban.options import parse
from banish.faces.fail2ban.rules import changed, compiled, has_maxlines, jail_of


def failregex(tree: Path, word: str) -> list[str]:
    return [rule.text for rule in jail_of(resolve(word, str(tree)), "auto").failregex]


def test_a_jail_calls_its_filter_with_its_own_options(tree: Path) -> None:
    assert failregex(tree, "web")[0].startswith(r"^\s*login failed")
    assert failregex(tree, "web[verb=logout]")[0].startswith(r"^\s*logout failed")


def test_a_jails_own_expressions_count(tree: Path) -> None:
    assert [r"^\s*probe from <HOST>$"] == failregex(tree, "strict")


def test_a_jail_without_a_filter_can_be_tried(tree: Path) -> None:
    (tree / "jail.local").write_text("[own]\nfilter =\nfailregex = own <HOST>\n")
    assert ["own <HOST>"] == failregex(tree, "own[a=1]")
    assert not has_maxlines(resolve("own", str(tree)))


def test_a_filter_is_called_with_the_options_given(tree: Path) -> None:
    assert failregex(tree, "filter.d/web.conf")[0].startswith(r"^\s*login failed")
    assert failregex(tree, """filter.d/web.conf[verb='"a%b"', x="it's"]""")[0].startswith(
        r"^\s*\"a%b\" failed".replace('\\"', '"')
    )
    (tree / "lone.conf").write_text("[Definition]\nfailregex = <a> <HOST>\n")
    assert ["it's <HOST>"] == failregex(tree, f"""{tree}/lone[a="it's"]""")


def test_options_may_hold_more_than_one_line(tree: Path) -> None:
    assert ["one <HOST>", "two <HOST>"] == failregex(
        tree, 'filter.d/web.conf[failregex="one <HOST>\ntwo <HOST>"]'
    )


def test_a_filter_knows_where_lines_come_from(tree: Path) -> None:
    (tree / "filter.d" / "typed.conf").write_text("[Definition]\nfailregex = <logtype> <HOST>\n")
    (tree / "jail.local").write_text("[typed]\n")
    for word in ("typed", "filter.d/typed.conf"):
        named = resolve(word, str(tree))
        assert ["file <HOST>", "journal <HOST>"] == [
            jail_of(named, backend).failregex[0].text for backend in ("auto", "systemd")
        ]


def test_what_is_broken_is_told(tree: Path) -> None:
    (tree / "filter.d" / "broken.conf").write_text("[Definition]\nfailregex = %(nosuch)s <HOST>\n")
    with pytest.raises(ConfigError, match=r"broken\.conf:2 .*nosuch"):
        failregex(tree, "broken")
    (tree / "jail.local").write_text("[web]\nbantime = soon\n")
    with pytest.raises(ConfigError, match=r"jail\.local:2 \[web\] bantime"):
        failregex(tree, "web")


def test_the_command_line_wins(tree: Path) -> None:
    jail = jail_of(resolve("web", str(tree)), "auto")
    options = parse(["log", "web", "-d", "%Y\n%m", "-L", "3", "--TZ", "UTC", "-e", "latin-1"])
    mine = changed(jail, options)
    assert (("%Y", "%m"), 3, "UTC", "latin-1", FOREVER) == (
        mine.datepatterns,
        mine.maxlines,
        mine.logtimezone,
        mine.logencoding,
        mine.findtime,
    )
    same = changed(jail, parse(["log", "web"]))
    assert (jail.datepatterns, 1, jail.ignoreregex) == (same.datepatterns, same.maxlines, same.ignoreregex)


def test_an_expression_given_takes_the_place_of_those_that_ignore(tree: Path) -> None:
    mine = changed(jail_of(resolve("web", str(tree)), "auto"), parse(["log", "web", "own <HOST>"]))
    assert ["own <HOST>"] == [rule.text for rule in mine.ignoreregex]


def test_names_of_hosts_are_matched_as_the_command_line_says(tree: Path) -> None:
    expression = jail_of(resolve("from <HOST>", str(tree)), "auto")
    story = jail_of(resolve("story", str(tree)), "auto")
    no = changed(expression, parse(["log", "regex", "--usedns=no"]))
    assert UseDns.NO is no.usedns
    assert "dns" not in compiled(no).failures[0].groupindex
    assert "dns" in compiled(changed(expression, parse(["log", "regex"]))).failures[0].groupindex
    assert compiled(changed(story, parse(["log", "regex", "-r"]))).prefix is not None


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["(unbalanced <HOST>"], "not a regular expression"),
        (["nobody"], "nobody is named by it"),
        (["from <HOST>", "(x"], "not a regular expression"),
        (["from <HOST>", "-d", "%Q"], "unknown token"),
        (["from <HOST>", "-e", "klingon"], "no such encoding"),
        ([""], "an empty expression"),
    ],
)
def test_what_cannot_be_compiled_is_told(tree: Path, words: list[str], trouble: str) -> None:
    options = parse(["log", *words])
    with pytest.raises(ConfigError, match=trouble):
        compiled(changed(jail_of(resolve(options.regex, str(tree)), "auto"), options))


def test_it_is_known_who_says_how_many_lines_count(tree: Path) -> None:
    (tree / "jail.local").write_text("[one]\nfilter = web\nmaxlines = 1\n[two]\nfilter = lines\n")
    said = {
        word: has_maxlines(resolve(word, str(tree)))
        for word in (
            "one",
            "two",
            "web",
            "lines",
            "story",
            "story[maxlines=1]",
            "x <HOST>",
            f"{tree}/filter.d/lines",
        )
    }
    assert ["one", "two", "lines", "story[maxlines=1]", f"{tree}/filter.d/lines"] == [
        word for word, answer in said.items() if answer
    ]
