"""The language of date patterns: special names, families, embedded epochs."""

import re
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.dates.clock import Clock
from banish.core.dates.pattern import is_family, templates
from banish.core.errors import RuleError
from banish.core.model import Instant

NOW = Instant(1_700_000_000)
CLOCK = Clock(UTC)


def read(pattern: str, line: str) -> tuple[str, float | None] | None:
    """What a pattern of one template leaves of a line, `#` in place of the date, and the time."""
    (template,) = templates(pattern, 2023)
    match = template.regex.search(line)
    if not match:
        return None
    return line[: match.start(1)] + "#" + line[match.end(1) :], template.read(match, CLOCK, NOW)


def names(pattern: str) -> list[str]:
    return [template.name for template in templates(pattern, 2023)]


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("%Y-%m-%d", "on 2023-11-14 x", ("on # x", 1699920000.0)),
        ("%d %b %Y", "14 NOV 2023", ("#", 1699920000.0)),
        ("{^LN-BEG}%Y-%m-%d", "[2023-11-14]", ("[#]", 1699920000.0)),
        (r"(?P<H>\d\d)h", "22h", ("#", 1699999200.0)),
        ("ISO8601", "ISO8601 2023-11-14", ("# 2023-11-14", 1699920000.0)),
        ("ISO8601", "2023-11-14T10:00:00", None),
        # epoch: where nothing is said, at the start of a line, in a bracket there, or after `audit(`
        ("EPOCH", "1700000000 x", ("# x", 1700000000.0)),
        ("EPOCH", "1700000000.123 x", ("# x", 1700000000.123)),
        ("EPOCH", "1700000000.12 x", ("#.12 x", 1700000000.0)),
        ("epoch", "[1700000000 x", ("[# x", 1700000000.0)),
        ("EPOCH", "a audit(1700000000.123:45): y", ("a audit(#:45): y", 1700000000.123)),
        ("EPOCH", "xaudit(1700000000:45", None),
        ("EPOCH", " 1700000000", None),
        ("EPOCH", "[[1700000000", None),
        ("EPOCH", "170000000012", None),
        ("EPOCH", "170000000", None),
        ("^EPOCH", "[[1700000000]", ("[[#]", 1700000000.0)),
        ("{^LN-BEG}Epoch", " 1700000000", (" #", 1700000000.0)),
        ("^EPOCH", "audit(1700000000", None),
        ("LEPOCH", "1700000000123456", ("#", 1700000000.123456)),
        ("lepoch", "1700000000123 x", ("# x", 1700000000.123)),
        ("LEPOCH", "1700000000.5 x", ("#.5 x", 1700000000.0)),
        ("^LEPOCH", " 1700000000123.5", (" #", 1700000000.1235)),
        ("TAI64N", "x @4000000065540a2a1234abcd", ("x #", 1700006442)),
        ("TAI64N", "@4000000065540A2A1234ABCD", None),
        ("^TAI64N", "x @4000000065540a2a1234abcd", None),
        ("{^LN-BEG}tai64n", "[@4000000065540a2a1234abcd]", ("[#]", 1700006442)),
        # an epoch inside a pattern stands anywhere; the rest is plain, percent signs too
        ("at={EPOCH}", "x at=1700000000.123 y", ("x # y", 1700000000.123)),
        ("at=({EPOCH})", "x at=1700000000 y", ("x at=# y", 1700000000.0)),
        ("{lepoch} GMT", "1700000000123 GMT", ("#", 1700000000.123)),
        ("{^LN-BEG}{EPOCH}", "[1700000000] 1", ("[#] 1", 1700000000.0)),
        ("%d={EPOCH}", "%d=1700000000", ("#", 1700000000.0)),
        ("%d={epoch}", "%d=1700000000", None),
        ("x(?:={EPOCH})?", "x", ("#", None)),
        # nothing is a date, too
        ("{NONE}", "any line", ("#any line", None)),
        ("{none}", "", ("#", None)),
    ],
)
def test_a_pattern_cuts_out_its_date_and_reads_it(
    pattern: str, line: str, expected: tuple[str, float] | None
) -> None:
    found = read(pattern, line)
    if expected is None or pattern.upper() == "{NONE}":
        assert (found and found[0]) == (expected and expected[0])
    else:
        assert expected == found


def test_the_defaults_are_anchored_copies_and_then_all_as_they_are() -> None:
    found = templates("{DEFAULT}", 2023)
    assert (31, 17, 14) == (
        len(found),
        sum(each.begins for each in found),
        sum(each.weight == 100 for each in found),
    )
    assert [each.name for each in found[:14]] == [
        f"{{^LN-BEG}}{each.name}" for each in found[14:] if not each.begins
    ]
    assert names("{default}") == names("{DEFAULT}")


def test_the_start_of_a_line_alone_means_the_defaults_that_are_bound_to_it() -> None:
    assert names("{^LN-BEG}") == [each.name for each in templates("{DEFAULT}", 2023) if each.begins]


def test_a_pattern_that_spells_a_default_is_that_default() -> None:
    (known,) = templates("{^LN-BEG}epoch", 2023)
    (other,) = templates("^EPOCH", 2023)
    assert ((known.name, 100), (known.name, 1)) == ((known.name, known.weight), (other.name, other.weight))


def test_a_date_inside_a_pattern_is_every_default_format_without_its_place() -> None:
    found = templates(r"^\[({DATE})", 2023)
    lines = ["[2023-11-14 10:00:00", "[Nov 14 10:00:00", "[10:00:00", "[06/May/2024:07:08:09 +0200"]
    expected = 17
    assert expected == len(found)
    for line in lines:
        cuts = [match[1] for match in (each.regex.search(line) for each in found) if match]
        assert line[1:] in cuts
    assert names("x{date}") == names("x{DATE}")


def test_a_date_inside_a_pattern_is_no_number_and_no_format_bound_to_the_start() -> None:
    found = templates(r"^\[({DATE})", 2023)
    lines = {
        "[1700000000": 0,
        "[Epoch": 1,  # these names are taken for words
        "[@4000000065540a2a1234abcd": 0,
        "[TAI64N": 1,
        "[<05/06/24@07:08:09>": 0,  # this format keeps its `^`
    }
    assert lines == {line: sum(bool(each.regex.search(line)) for each in found) for line in lines}


def test_a_date_alone_as_a_pattern_knows_numbers() -> None:
    assert any(each.regex.search("1700000000") for each in templates("{DATE}", 2023))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("EPOCH", "Epoch"),
        ("^epoch", "{^LN-BEG}Epoch"),
        ("LEPOCH", "LongEpoch"),
        ("{^LN-BEG}TAI64N", "{^LN-BEG}TAI64N"),
        ("at=({EPOCH})", "at=({EPOCH})"),
        ("{NONE}", "^"),
        ("{UNB}%H", "24hour"),
        ("xYz", "xYz"),
    ],
)
def test_a_template_has_a_name_for_reports(pattern: str, expected: str) -> None:
    assert [expected] == names(pattern)


def test_only_patterns_for_many_defaults_are_families() -> None:
    patterns = ("{DEFAULT}", "{default}", "{^LN-BEG}", "{^LN-BEG}%Y", "{DATE}", "%Y")
    assert [True, True, True, False, True, False] == [is_family(pattern) for pattern in patterns]


@pytest.mark.parametrize(
    ("pattern", "cure"),
    [
        ("%Y-%q", 'datepattern "%Y-%q": unknown token "%q"; write %% for a percent sign'),
        ("(%H", 'datepattern "(%H": missing ), unterminated subpattern'),
        ("(%H", "; write a regular expression"),
        ("%Y %Y", "redefinition of group name 'Y'"),
        ("{DATE} {DATE}", "redefinition of group name"),
        ("[(]x", "nothing to cut out; put the date in parentheses"),
        ("x{99999999999999999999}", "; write a regular expression"),
        ("(" * 3000 + ")" * 3000, "; write a regular expression"),
        ("(?a)%b", "incompatible"),
    ],
)
def test_a_pattern_that_cannot_be_compiled_is_refused_with_its_text_and_the_cure(
    pattern: str, cure: str
) -> None:
    with pytest.raises(RuleError, match=re.escape(cure)):
        templates(pattern, 2023)


@given(st.text(alphabet="%YmdHbExz{}^DATEPOCHLN-BGU()[]*+?|\\ $", max_size=25))
def test_any_pattern_is_compiled_or_refused(pattern: str) -> None:
    try:
        found = templates(pattern, 2023)
    except RuleError:
        return
    except FutureWarning:  # of Python about sets in sets
        return
    for template in found:
        assert template.regex.groups
