"""The report, block by block; the layout is that of fail2ban-regex 1.0.2."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

Regex = Callable[..., tuple[int, str]]


def report(output: str) -> str:
    """Return the results, without the time they took."""
    return re.sub(r"processed in \d+\.\d\d", "processed in 0.00", output.partition("Results\n=======\n")[2])


WEB = r"""
Failregex: 3 total
|-  #) [# of hits] regular expression
|   1) [2] ^\s*login failed for <F-USER>\S+</F-USER> from <HOST>$
|   2) [1] ^\s*probe from <HOST>$
`-

Ignoreregex: 1 total
|-  #) [# of hits] regular expression
|   1) [1] from 198\.51\.100\.97
`-

Date template hits:
|- [# of hits] date format
|  [5] ^Year-Month-Day 24hour:Minute:Second
`-

Lines: 6 lines, 1 ignored, 3 matched, 2 missed
[processed in 0.00 sec]

|- Ignored line(s):
|  2026-11-20 10:00:04 probe from 198.51.100.97
`-
|- Missed line(s):
|  2026-11-20 10:00:05 something else
|  no date at all
`-
"""

STORY = r"""
Prefregex: 4 total
|  ^\s*(?P<mlfid>c\d+) (?P<content>.+)$
|      {'mlfid': 'c1', 'content': 'open 192.0.2.1'}
|      {'mlfid': 'c1', 'content': 'bad anna'}
|      {'mlfid': 'c2', 'content': 'bad bert'}
|      {'mlfid': 'c2', 'content': 'other'}
`-

Failregex: 5 total
|-  #) [# of hits] regular expression
|   1) [1] ^<F-NOFAIL>open</F-NOFAIL> <ADDR>$
|      192.0.2.1  Fri Nov 20 10:00:01 2026
|   2) [2] ^bad <F-USER>\S+</F-USER>$
|      192.0.2.1  Fri Nov 20 10:00:02 2026
|      None  Fri Nov 20 10:00:03 2026
|   3) [2] ^bad \w+$
|      192.0.2.1  Fri Nov 20 10:00:02 2026
|      None  Fri Nov 20 10:00:03 2026
`-

Ignoreregex: 0 total

Date template hits:
|- [# of hits] date format
|  [4] ^Year
`-

Lines: 4 lines, 1 ignored, 2 matched, 1 missed
[processed in 0.00 sec]

|- Matched line(s):
|  2026-11-20 10:00:02 c1 bad anna
|  2026-11-20 10:00:03 c2 bad bert
`-
|- Ignored line(s):
|  2026-11-20 10:00:01 c1 open 192.0.2.1
`-
|- Missed line(s):
|  2026-11-20 10:00:04 c2 other
`-
"""


def test_expressions_dates_and_lines_are_reported(regex: Regex, tree: Path) -> None:
    status, output = regex("-c", tree, tree / "log", "web")
    assert (0, WEB) == (status, report(output))


def test_more_is_told_on_demand(regex: Regex, tree: Path) -> None:
    words = ("-v", "--print-all-matched", "-d", "^%Y-%m-%d %H:%M:%S")
    _, output = regex("-c", tree, *words, tree / "story.log", "story")
    assert STORY == report(output).replace("^Year-Month-Day 24hour:Minute:Second", "^Year")


def test_nothing_found_is_reported_without_frames(regex: Regex) -> None:
    _, output = regex("", "x <HOST>")
    assert (
        "\nFailregex: 0 total\n\nIgnoreregex: 0 total\n\nDate template hits:\n\n"
        "Lines: 0 lines, 0 ignored, 0 matched, 0 missed\n[processed in 0.00 sec]\n\n"
    ) == report(output)


def test_lists_can_be_left_out(regex: Regex, tree: Path) -> None:
    _, output = regex("-c", tree, "--print-no-missed", "--print-no-ignored", tree / "log", "web")
    assert report(output).endswith("sec]\n\n")


@pytest.mark.parametrize(("number", "is_listed"), [(19, True), (20, False)])
def test_long_lists_are_printed_on_demand_only(
    regex: Regex,
    number: int,
    is_listed: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    text = "\n".join(f"x{line}" for line in range(number))
    _, output = regex(text, "y <HOST>")
    advice = f"Missed line(s): too many to print.  Use --print-all-missed to print all {number} lines\n"
    assert (is_listed, not is_listed) == ("\n|  x0\n" in report(output), advice in output)
    _, output = regex("--print-all-missed", text, "y <HOST>")
    assert "\n|  x0\n" in report(output)


def test_prefixes_are_listed_up_to_a_number(regex: Regex, tree: Path) -> None:
    text = "\n".join("c1 other" for _ in range(21))
    _, output = regex("-v", "-c", tree, text, "story")
    assert "|      {'mlfid': 'c1', 'content': 'other'}\n|      ...\n`-" in output


def test_date_templates_are_shown_with_all_that_decides(regex: Regex) -> None:
    _, output = regex("--VD", "-v", "-d", "%Y-%m", "2026-11 from 192.0.2.1", "from <HOST>")
    assert "|  [1] Year-Month\n|      # weight: 1.000 (1.000), pattern: %Y-%m\n|      # regex:   (" in output
    _, output = regex("-v", "x", "from <HOST>")
    assert 31 == output.partition("Date template")[2].count("\n|  [0] ")


def test_a_third_expression_that_matches_is_pointed_out(regex: Regex, tree: Path) -> None:
    (tree / "filter.d" / "many.conf").write_text(
        "[Definition]\nfailregex = from <HOST>\n from <ADDR>\n from <IP4>\n"
    )
    _, output = regex("-v", "-c", tree, "2026-11-20 10:00:01 from 192.0.2.1", "many")
    line = "|      192.0.2.1  Fri Nov 20 10:00:01 2026"
    assert [line, line, f"{line} (multiple regex matched)"] == re.findall(r"\|      192.*", output)


def test_lines_come_with_links_on_demand(regex: Regex, tree: Path) -> None:
    _, output = regex("-D", "-c", tree, tree / "story.log", "story")
    assert 3 == output.count("|  2026-11-20 10:00:04 c2 other | ^")
    assert "Ignored line(s)" not in output


def test_the_journal_needs_no_date_templates(
    regex: Regex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "journalctl"
    script.write_text('#!/bin/sh\necho \'{"MESSAGE": "from 192.0.2.1"}\'\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    _, output = regex("-m", "A=1", "systemd-journal", "from <HOST>")
    assert "Use    journal match : A=1\n" in output
    assert "Date template" not in output
    assert "Lines: 1 lines, 0 ignored, 1 matched, 0 missed\n" in output
