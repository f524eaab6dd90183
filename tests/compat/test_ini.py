import configparser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from banish.compat.ini import IniFile, parse


def values(file: IniFile) -> dict[str, dict[str, str]]:
    sections = {"DEFAULT": file.defaults, **file.sections}
    return {name: {key: value.text for key, value in options.items()} for name, options in sections.items()}


def section(text: str) -> dict[str, str]:
    file = parse("[A]\n" + text, "f")
    assert () == file.faults
    return values(file)["A"]


def test_a_value_may_stretch_over_lines_with_comments_and_blank_lines_between() -> None:
    text = "d = x\n  # note\n  ; note\n\n  y\n\n  z\ne =\n    first\n    second ; cut\n"
    assert {"d": "x\n\ny\n\nz", "e": "\nfirst\nsecond"} == section(text)


@pytest.mark.parametrize(
    ("expected", "line"),
    [("x;y", "a = x;y"), ("x", "a = x ;y"), ("x # y", "a = x # y"), ("x", "a = x\t; y"), ("", "a = ;y")],
)
def test_only_a_semicolon_behind_a_blank_begins_a_comment_within_a_line(expected: str, line: str) -> None:
    assert {"a": expected} == section(line)


def test_a_blank_before_a_semicolon_truncates_an_expression() -> None:
    assert {"failregex": "^a"} == section("failregex = ^a ; <HOST>$")


@pytest.mark.parametrize("line", ["FailRegex = x", "failregex: x", "failregex=x", "  failregex  :  x  "])
def test_the_first_delimiter_counts_and_names_are_in_lower_case(line: str) -> None:
    assert {"failregex": "x"} == section(line)


def test_the_first_of_two_delimiters_counts() -> None:
    assert {"a": "b : c", "d": "e = f"} == section("a = b : c\nd: e = f")


def test_continuation_lines_lose_their_indentation() -> None:
    assert {"a": "if x\nthen"} == section("a = if x\n       then")


def test_a_comment_that_is_not_indented_does_not_end_a_value() -> None:
    assert {"a": "x\ny"} == section("a = x\n# no\n  y")


def test_an_indented_header_behind_an_option_continues_it() -> None:
    assert {"a": "x\n[B]"} == section("a = x\n  [B]")


def test_all_ways_to_end_a_line_are_understood() -> None:
    assert {"a": "1\n2", "b": "3"} == section("a = 1\r\n  2\rb = 3")


def test_names_of_sections_are_anything_and_their_case_counts() -> None:
    file = parse("[Init?family=inet6]\na=1\n[init]\nb=2\n[DEFAULT]\nc=3\n[a]b]\n", "f")
    assert {"DEFAULT": {"c": "3"}, "Init?family=inet6": {"a": "1"}, "init": {"b": "2"}, "a]b": {}} == values(
        file
    )


def test_every_line_of_a_value_knows_where_it_stands() -> None:
    value = parse("[A]\n\na = \n  x\n# no\n\n  y\n\n", "dir/f").sections["A"]["a"]
    assert [("", 3), ("x", 4), ("", 6), ("y", 7)] == [(line, spot.line) for line, spot in value.lines()]
    assert {"dir/f"} == {spot.file for spot in value.spots}


def test_all_faults_of_a_file_are_told_and_the_rest_is_read() -> None:
    text = "lost = 1\n[A]\na = 1\nA = 2\nnonsense\n  more of it\n[B]\nb = 1\n= 5\n[A]\nc = 3\n"
    file = parse(text, "f")
    assert [(1, ""), (4, "A"), (5, "A"), (9, "B"), (10, "A")] == [
        (f.spot.line, f.section) for f in file.faults
    ]
    assert {"DEFAULT": {}, "A": {"a": "2", "c": "3"}, "B": {"b": "1"}} == values(file)
    assert "is in this section twice, first on line 3; keep one of them" == file.faults[1].text


def test_defaults_may_be_spread_over_a_file() -> None:
    assert {"DEFAULT": {"a": "1", "b": "2"}} == values(parse("[DEFAULT]\na=1\n[DEFAULT]\nb=2\n", "f"))


def test_a_byte_order_mark_is_told_and_the_rest_is_read() -> None:
    file = parse("\ufeff[A]\na=1\n", "f")
    assert (["begins with a byte order mark; save it as UTF-8 without one"], {"a": "1"}) == (
        [fault.text for fault in file.faults],
        values(file)["A"],
    )


def twin(text: str) -> dict[str, dict[str, str]] | None:
    parser = configparser.RawConfigParser(inline_comment_prefixes=(";",))
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    sections = {name: dict(parser._sections[name]) for name in parser.sections()}  # type: ignore[attr-defined]  # what the section says itself
    return {"DEFAULT": dict(parser.defaults()), **sections}


PIECES = st.sampled_from(
    [
        "[A]",
        "[b]",
        "[DEFAULT]",
        "a",
        "B",
        "=",
        ":",
        " ",
        "  ",
        "\t",
        "\n",
        "\n  ",
        "x",
        ";",
        "#",
        "\\",
        "]",
        "\n\n",
        "\x0b",
        "é",
    ]
)


@pytest.mark.slow
@given(st.lists(PIECES, max_size=40).map("".join))
@example("[A]\na=1\n b\n[A]\n")
@example("[A]\n a = 1\n  b\n c\nd: 2")
def test_every_text_is_read_as_configparser_reads_it(text: str) -> None:
    file = parse(text, "f")
    expected = twin(text)
    assert (expected is None) == bool(file.faults)
    assert expected is None or expected == values(file)


@pytest.mark.slow
@given(st.text())
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    parse(text, "f")
