"""From a bare expression to a template: boundaries, group 1, anchors."""

import re

import pytest

from banish.core.dates.clock import Clock
from banish.core.dates.template import Template, build
from banish.core.model import Instant

TIME = r"\d\d:\d\d"


def never(match: re.Match[str], clock: Clock, now: Instant) -> None:
    del match, clock, now


def template(regex: str, flags: str = "") -> Template:
    return build(regex, regex, never, flags)


def cut(regex: str, line: str) -> str | None:
    """What is left of a line, `#` in place of what was cut out."""
    match = template(regex).regex.search(line)
    return match and line[: match.start(1)] + "#" + line[match.end(1) :]


@pytest.mark.parametrize(
    ("regex", "line", "expected"),
    [
        # to the left: start, a boundary of a word, or a character that is of no word
        (TIME, "10:11", "#"),
        (TIME, "x 10:11", "x #"),
        (TIME, "x-10:11", "x-#"),
        (TIME, "x10:11", None),
        (r"\[10", "x[10]", "x#]"),
        # to the right: the same
        (TIME, "10:113", None),
        (TIME, "10:11x", None),
        (TIME, "10:11:", "#:"),
        # no boundary where the pattern says so itself
        (f"^{TIME}", "10:11", "#"),
        (f"(?:^|x){TIME}", "yx10:11", "y#"),
        (f"(?:(?:^|x){TIME})", "yx10:11", "y#"),
        (f"((?:^x)?{TIME})", "a10:11", "a#"),
        (f"(?i:^{TIME})", "x10:11", None),
        (f"**{TIME}", "a10:11", "a#"),
        (f"(**{TIME})", "a10:11", "a#"),
        (f"{TIME}**", "10:113", "#3"),
        (f"({TIME}**)", "10:113", "#3"),
        (f"{TIME}$", "x 10:11", "x #"),
        (f"({TIME}$)", "10:11 x", None),
        (rf"{TIME}\s", "10:11 x", "#x"),
        (rf"{TIME}:\b", "10:11:x", "#x"),
        (rf"\^{TIME}", "x^10:11", "x#"),
        # prefixes
        (f"{{UNB}}{TIME}", "a10:113", "a#3"),
        (f"{{UNB}}  {TIME}", "a10:113", "a#3"),
        (f"{{^LN-BEG}}{TIME}", "10:11 x", "# x"),
        (f"{{^LN-BEG}}{TIME}", "[[10:11] x", "[[#] x"),
        (f"{{^LN-BEG}}{TIME}", "[[[10:11", None),
        (f"{{^LN-BEG}}{TIME}", "x 10:11", None),
        (f"{{^LN-BEG}}{TIME}", "10:113", None),
        (f"{{^LN-BEG}}^{TIME}", "[10:11", None),
        (f"{{^LN-BEG}}**{TIME}", "a10:11", "a#"),
        (f"{{unb}}{TIME}", "10:11", None),
        (f"{{UNB}}{{^LN-BEG}}{TIME}", "10:11", None),
        # blanks around are no part of it
        (f"  {TIME}  ", "x 10:11 y", "x # y"),
        # global flags, wherever they stand
        (f"t{TIME}(?i)", "T10:11", "#"),
        (f"^(?i)t{TIME}", "T10:11", "#"),
        # what is cut out: all, or the first group if there is one; groups of tokens are no groups
        (rf"^\[{TIME}\]", "[10:11] x", "# x"),
        (rf"^\[({TIME})\]", "[10:11] x", "[#] x"),
        (r"(?P<Y>\d{4}) (foo)", "2023 foo", "# foo"),
        (r"[(](?P<H>\d\d):\d\d", "(10:11", "(#:11"),
        (rf"\({TIME}\)", "(10:11)", "#"),
        (r"\$", "a $", "a #"),
        ("", "abc", "#abc"),
        ("^", "abc", "#abc"),
        ("^$", "", "#"),
    ],
)
def test_a_date_is_found_between_boundaries_and_cut_out(regex: str, line: str, expected: str | None) -> None:
    assert expected == cut(regex, line)


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        (TIME, (False, False)),
        (f"^{TIME}", (True, True)),
        (f"(^{TIME})", (True, True)),
        (f"{{^LN-BEG}}{TIME}", (True, True)),
        (f"{{UNB}}^{TIME}", (True, True)),
        (f"{TIME}$", (False, True)),
        (f"({TIME}$)", (False, True)),
        (f"({TIME})$", (False, True)),
        # deeper or optional ones do not count
        (f"(^|x){TIME}", (False, False)),
        (f"(?:^{TIME})", (False, False)),
        (f"((^{TIME}))", (False, False)),
        (f"((?:^x)?{TIME})", (False, False)),
        (f"((?:{TIME}$))", (False, False)),
        (f"(?:{TIME}$)", (False, False)),
        (rf"{TIME}\$", (False, False)),
        (f"{{^LN-BEG}}**{TIME}", (False, False)),
    ],
)
def test_a_template_knows_whether_it_is_bound_to_an_end_of_the_line(
    regex: str, expected: tuple[bool, bool]
) -> None:
    built = template(regex)
    assert expected == (built.begins, built.is_anchored)


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        ("x", "x"),
        ("{UNB}x", "x"),
        ("{^LN-BEG}x", "{^LN-BEG}x"),
        ("{^LN-BEG}^x", "^x"),
        ("{^LN-BEG}**x", "**x"),
        ("(?i)x", "(?i)x"),
    ],
)
def test_a_name_tells_of_the_start_of_a_line_only_where_that_is_asked_for(regex: str, expected: str) -> None:
    assert expected == template(regex).name


def test_flags_given_and_flags_found_add_up() -> None:
    flags = template("(?m)x(?i)", "iu").regex.flags
    assert re.IGNORECASE | re.MULTILINE | re.UNICODE == flags


@pytest.mark.parametrize("regex", ["(x", "x)", "(?:**x)", "[", r"(?P<1>x)"])
def test_what_is_no_expression_is_refused(regex: str) -> None:
    with pytest.raises(re.error):
        template(regex)


def test_an_expression_that_could_cut_out_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="put the date in parentheses"):
        template("[(]x")


@pytest.mark.parametrize(
    ("flags", "line", "found"), [("", "x10:11", True), ("iu", "x10:11", False), ("iu", "x 10:11", True)]
)
def test_a_blank_behind_a_prefix_counts_if_there_are_flags(flags: str, line: str, *, found: bool) -> None:
    assert found == (template(f"{{UNB}} {TIME}", flags).regex.search(line) is not None)
