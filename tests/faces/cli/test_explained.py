from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

Explain = Callable[..., tuple[int, str]]

DATE = "2023-11-14T22:13:20Z"
FILTERS = {
    "web": "failregex = ^\\s*login of <F-USER>\\S*</F-USER> failed from <HOST>$\n"
    " failed (?:for|from) <ADDR>\n",
    "spaced": "prefregex = (?x)^a<F-CONTENT>.*</F-CONTENT>\nfailregex = <HOST>\n",
    "end": "failregex = from <HOST>$\n",
    "strict": "usedns = no\nfailregex = from (?P<dns>\\S+)$\n",
    "story": "prefregex = ^\\s*<F-MLFID>c\\d+</F-MLFID> <F-CONTENT>.*</F-CONTENT>$\n"
    "failregex = ^<F-NOFAIL>open</F-NOFAIL> <HOST>$\n ^bad <F-USER>\\w+</F-USER>$\n",
    "mild": "failregex = from <HOST>\nignoreregex = nothing\n 192\\.0\\.2\\.7\n",
    "early": "failregex = a <HOST>\n b <HOST>\n c <HOST>\n d <HOST>\nignoreregex = own\n"
    "prefregex = ^<F-CONTENT>.*</F-CONTENT>$\n",
    "tuple": "failregex = <F-ID>\\S+</F-ID> bad <F-TUPLE_ID>\\S+</F-TUPLE_ID>$\n",
    "blank": "failregex = bad <HOST>\ndatepattern = {NONE}\n",
}


@pytest.fixture
def explain(tmp_path: Path, banish: Callable[..., tuple[int, str]]) -> Explain:
    (tmp_path / "filter.d").mkdir()
    for name, text in FILTERS.items():
        (tmp_path / "filter.d" / f"{name}.conf").write_text(f"[Definition]\n{text}")
    return lambda *words: banish("try", "-c", tmp_path, "--explain", *words)


def test_a_failure_is_told_from_the_date_to_the_judgement(explain: Explain) -> None:
    status, text = explain(f"{DATE} login of anna failed from 192.0.2.7", "web")
    assert status == 0
    told = re.sub(r"date .*\n +pattern .*\n", "date\n", text)
    assert (
        """\
filter       web
line         2023-11-14T22:13:20Z login of anna failed from 192.0.2.7
date
remains       login of anna failed from 192.0.2.7
failregex    #1 matches, at filter.d/web.conf:2
    #1 yes   ^\\s*login of <F-USER>\\S*</F-USER> failed from <HOST>$
             user     "anna"
             ip4      "192.0.2.7"
             1 more are not asked; #2 would match, too
ignoreregex  there is none
who          192.0.2.7, told by ip4
judgement    a failure of 192.0.2.7
"""
        == told
    )
    assert "in columns 1 to 20" in text


def test_the_place_is_told_where_an_expression_stops(explain: Explain) -> None:
    status, text = explain(f"{DATE} login of anna failed at 192.0.2.7", "web")
    assert status == 1
    assert (
        """\
failregex    none of 2 matches
    #1 no    ^\\s*login of <F-USER>\\S*</F-USER> failed from <HOST>$
             fits     ^\\s*login of (?P<user>\\S*) failed\x20
             stops at from <HOST>$
             here      login of anna failed  >>> at 192.0.2.7
    #2 no    failed (?:for|from) <ADDR>
             fits     failed\x20
             stops at (?:for|from) <ADDR>
             here      login of anna failed  >>> at 192.0.2.7
ignoreregex  there is none
judgement    no failure: no failregex matches
"""
        in text
    )


def test_a_tag_is_not_torn_apart(explain: Explain) -> None:
    _, text = explain(f"{DATE} from 192.0.2.7 x", "end")
    assert (
        "fits     from <HOST>\n             stops at $\n             here      from 192.0.2.7 >>>  x\n"
        in text
    )
    _, text = explain(f"{DATE} failed from [", "web")
    assert "fits     failed (?:for|from) \n             stops at <ADDR>\n" in text
    assert "here      failed from [ >>> (the end)\n" in text


def test_a_line_that_the_prefix_misses_is_asked_nothing_more(explain: Explain) -> None:
    _, text = explain(f"{DATE} d1 open 192.0.2.7", "story")
    assert "prefregex    does not match, at filter.d/story.conf:2\n             fits     ^\\s*\n" in text
    assert "failregex    2 expressions, not asked\n" in text
    assert "judgement    no failure: prefregex does not match\n" in text


def test_an_expression_that_cannot_be_cut_is_told_without_a_place(explain: Explain) -> None:
    _, text = explain(f"{DATE} b", "spaced")
    assert "prefregex    does not match, at filter.d/spaced.conf:2\nfailregex" in text


def test_a_connection_is_told_with_what_it_makes_of_the_line(explain: Explain) -> None:
    opened, bad = f"{DATE} c1 open 192.0.2.7", f"{DATE} c1 bad anna"
    _, text = explain(opened, "story")
    assert (
        'prefregex    matches\n             mlfid    "c1"\n             content  "open 192.0.2.7"\n' in text
    )
    assert 'connection   "c1": no failure\n' in text
    assert "judgement    no failure by itself" in text
    _, text = explain(bad, "story")
    assert 'connection   "c1": nobody to blame yet\nwho          nobody: no group tells' in text
    assert "judgement    not yet a failure" in text
    status, text = explain(f"{opened}\r\n{bad}\n", "story")
    assert status == 0
    assert 'users    "anna"\n' in text
    assert 'connection   "c1": failure, of 2 lines\nwho          192.0.2.7, told by ip4\n' in text


def test_a_line_of_a_log_is_explained_after_those_before_it(explain: Explain, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(f"{DATE} c1 open 192.0.2.7\n{DATE} c1 bad anna\n{DATE} c2 bad anna\n")
    assert [1, 0, 1] == [explain(number, log, "story")[0] for number in (1, 2, 3)]
    for number, cure in ((0, "lines are counted from 1"), (4, "it has 3 lines")):
        assert (2, f"banish: {log}: there is no line {number}; {cure}\n") == explain(number, log, "story")


def test_what_is_ignored_is_told_with_the_expression(explain: Explain) -> None:
    _, text = explain(f"{DATE} from 192.0.2.7", "mild")
    assert "ignoreregex  #2 matches, at filter.d/mild.conf:4\n    #1 no    nothing\n    #2 yes   192" in text
    assert "judgement    no failure: ignored by ignoreregex #2\n" in text
    assert "ignoreregex  none of 2 matches\n" in explain(f"{DATE} from 192.0.2.8", "mild")[1]
    assert "ignoreregex  2 expressions, not asked\n" in explain(DATE, "mild")[1]
    _, text = explain(f"{DATE} own a 192.0.2.7", "early")
    assert "prefregex    not asked\nfailregex    4 expressions, not asked\nignoreregex  #1 matches" in text


def test_where_nobody_is_to_blame_it_is_told(explain: Explain) -> None:
    _, text = explain(f"{DATE} from a.example", "strict")
    assert "who          nobody" in text
    assert "judgement    no failure: an expression matches, but nobody can be blamed\n" in text


def test_names_and_joined_ids_are_told_as_such(explain: Explain) -> None:
    _, text = explain(f"{DATE} failed from a.example", "mild")
    assert "who          a.example, told by dns, a host name that has to be resolved\n" in text
    _, text = explain(f"{DATE} anna bad 7", "tuple")
    assert "told by fid\n" in text
    assert 'fid      "anna", "7"\n' in text


def test_the_date_that_counts_is_told_where_there_is_none(explain: Explain) -> None:
    _, text = explain("failed from 192.0.2.7", "web")
    assert "date         none is found\n             time     now\n" in text
    _, text = explain(f"{DATE} a\nfailed from 192.0.2.7", "web")
    assert re.search(r"time     of the line before, 2023-11-1\d ", text)
    _, text = explain("bad 192.0.2.7", "blank")
    assert "date         none, or none that exists, where the pattern finds one\n" in text


def test_programs_get_one_object_for_each_filter(explain: Explain) -> None:
    status, text = explain(f"{DATE} login of anna failed from 192.0.2.7", "story", "web", "--json")
    assert status == 0
    missed, found = (json.loads(line) for line in text.splitlines())
    assert ("unprefixed", None, [], None) == (
        missed["fate"],
        missed["id"],
        missed["from"],
        missed["searched"],
    )
    assert {"asked": True, "matches": False, "fits": "^\\s*"}.items() <= missed["prefregex"].items()
    expected: dict[str, Any] = {
        "filter": "web",
        "date": {"text": DATE, "from": 0, "to": 20},
        "time": 1_700_000_000,
        "left": " login of anna failed from 192.0.2.7",
        "prefregex": None,
        "fields": {"user": "anna", "ip4": "192.0.2.7"},
        "connection": None,
        "id": "192.0.2.7",
        "from": ["ip4"],
        "fate": "failure",
    }
    assert expected.items() <= found.items()
    assert [(1, True, True), (2, False, True)] == [
        (each["number"], each["asked"], each["matches"]) for each in found["failregex"]
    ]
    (undated,) = (json.loads(line) for line in explain("c1 bad", "story", "--json")[1].splitlines())
    assert (None, None, None) == (undated["date"], undated["time"], undated["pattern"])
    (joined,) = (json.loads(line) for line in explain("anna bad 7", "tuple", "--json")[1].splitlines())
    assert ["anna", "7"] == joined["fields"]["fid"]


def test_filters_are_parted_by_a_blank_line(explain: Explain) -> None:
    _, text = explain(DATE, "web", "mild")
    assert "matches\n\nfilter       mild\n" in text


def test_bytes_of_any_kind_are_explained(explain: Explain) -> None:
    assert (
        "line         \ufffd\\x1b[2J\n" in explain(b"\xff\x1b[2J".decode(errors="surrogateescape"), "web")[1]
    )


class _Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("colour", "no_colour"), [(True, ""), (False, "1")])
def test_a_terminal_gets_colours_unless_they_are_not_wanted(
    explain: Explain, monkeypatch: pytest.MonkeyPatch, *, colour: bool, no_colour: str
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", no_colour)
    monkeypatch.setattr(sys, "stdout", terminal := _Terminal())
    explain(f"{DATE} login of anna failed at 192.0.2.7 " + "x" * 80, "web")
    assert colour == ("\x1b[31mno failure: no failregex matches\x1b[0m" in terminal.getvalue())
    bare = re.sub(r"\x1b\[\d+m", "", terminal.getvalue())
    assert all(len(line) <= 60 for line in bare.splitlines())
