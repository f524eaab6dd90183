"""Which template wins: what is learned from one line decides on the next."""

import re
from collections.abc import Sequence

import pytest

from banish.core.dates.clock import Clock
from banish.core.dates.detector import Detector
from banish.core.dates.template import Template, build
from banish.core.model import Instant

NOW = 1_700_000_000.0


def never(match: re.Match[str], clock: Clock, now: Instant) -> None:
    del match, clock, now


def template(regex: str, weight: int = 1) -> Template:
    return build(regex, regex, never, weight=weight)


def dialogue(regexes: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Who won each line and what it took: `regex:text`, "" for nobody."""
    detector = Detector([template(regex) for regex in regexes])
    found = [detector.find(line, Instant(NOW)) for line in lines]
    return [f"{each[0].name}:{each[1][1]}" if each else "" for each in found]


def order(detector: Detector) -> str:
    return " ".join(f"{standing.template.name}{standing.hits}" for standing in detector.ranking())


def test_a_line_that_no_template_matches_teaches_nothing() -> None:
    detector = Detector([template("a"), template("b")])
    assert detector.find("x y z", Instant(NOW)) is None
    assert "a0 b0" == order(detector)


def test_a_single_template_takes_whatever_it_finds() -> None:
    lines = ["a x", "x a", "a a", "x x a", "b"]
    assert ["a:a", "a:a", "a:a", "a:a", ""] == dialogue(["a"], lines)


def test_the_leftmost_date_wins_at_first() -> None:
    assert ["b:b"] == dialogue(["a", "b", "c"], ["x b a"])


def test_the_last_template_of_all_is_taken_wherever_it_matches() -> None:
    assert ["c:c"] == dialogue(["a", "b", "c"], ["x b a c"])


@pytest.mark.parametrize("anchored", ["^a", "{^LN-BEG}a", r"\w$"])
def test_a_template_bound_to_an_end_of_the_line_is_taken_at_once(anchored: str) -> None:
    assert [f"{anchored}:a"] == dialogue(["x", anchored, "b"], ["a b a"])


def test_the_template_of_the_last_line_is_tried_first() -> None:
    assert ["b:b", "b:b"] == dialogue(["a", "b", "c"], ["b x", "b a"])


def test_a_template_bound_to_the_start_stays_in_charge_as_long_as_it_matches() -> None:
    assert ["^\\d+:1", "^\\d+:22", "a:a"] == dialogue(["a", "^\\d+", "b"], ["1 x", "22 a", "a"])


def test_a_date_further_right_than_before_is_taken_only_if_there_is_no_other() -> None:
    lines = ["a x", "x x a", "b x", "x a b"]
    assert ["a:a", "a:a", "b:b", "a:a"] == dialogue(["a", "b", "z"], lines)


def test_the_same_place_is_known_by_the_characters_around_it() -> None:
    # at the place of the last date the search ends with that place: `\d+` takes two digits and no more
    assert [r"\d+:12", r"\d+:34"] == dialogue([r"\d+", "z"], ["[12] 34567", "[34] 56"])
    # another character before and behind: the whole line is searched
    assert [r"\d+:12", r"\d+:345"] == dialogue([r"\d+", "z"], ["[12] x", "(345) y"])


def test_the_character_inside_speaks_for_a_place_unless_it_is_a_letter_or_a_digit() -> None:
    assert [r"<\d>:<1>", r"<\d>:<2>"] == dialogue([r"<\d>", "z"], ["x<1>y", "a<2>b"])


def test_a_search_that_fails_at_the_old_place_is_made_again_in_the_whole_line() -> None:
    assert [r"\d+:12", r"\d+:345"] == dialogue([r"\d+", "z"], ["[12] x", "[x ] 345"])


def test_an_empty_line_can_be_matched_by_what_matches_nothing() -> None:
    assert ["^:", "^:"] == dialogue(["^"], ["", ""])
    assert ["()$:"] == dialogue(["()$", "b"], [""])


def test_where_there_was_no_date_none_is_expected() -> None:
    assert [r"(?:\.\d)?:", r"(?:\.\d)?:.2"] == dialogue([r"(?:\.\d)?"], ["0", ".2 x"])


def test_many_lines_are_learned_from_as_one_by_one() -> None:
    lines = ["[12] x", "x [34] y", "(345) y"]
    one, many = (Detector([template(text) for text in (r"\d+", "z")]) for _ in range(2))
    for line in lines:
        assert one.find(line, Instant(NOW))
    assert many.find(lines[0], Instant(NOW))
    many.repeat(2, lines[-1], Instant(NOW))
    assert order(one) == order(many)
    assert one.latest == many.latest
    many.repeat(0, "x", Instant(NOW))
    assert order(one) == order(many)


def test_a_new_winner_rises_to_where_the_unused_begin_and_then_in_steps() -> None:
    detector = Detector([template(letter) for letter in "abcdef"])
    assert detector.find("d x", Instant(NOW))
    assert "d1 a0 b0 c0 e0 f0" == order(detector)  # above all that never hit
    assert detector.find("f x", Instant(NOW))
    assert "d1 f1 a0 b0 c0 e0" == order(detector)
    for _ in range(2):
        assert detector.find("f x", Instant(NOW))
    assert "d1 f3 a0 b0 c0 e0" == order(detector)  # it leads already as the last one
    assert detector.find("d x", Instant(NOW))
    assert detector.find("f x", Instant(NOW))
    assert "f4 d2 a0 b0 c0 e0" == order(detector)


def test_weight_and_nearness_to_the_start_count_beside_hits() -> None:
    detector = Detector([template("a"), template("b", weight=100), template("c")])
    for line in ("a x", "a x", "b x"):
        detector.find(line, Instant(NOW))
    assert "b1 a2 c0" == order(detector)
    detector = Detector([template("a"), template("b"), template("c")])
    for line in ("x x x x x x a", "x x x x x x a", "b x"):
        detector.find(line, Instant(NOW))
    assert "b1 a2 c0" == order(detector)


def test_a_template_that_was_not_used_for_five_minutes_gives_way() -> None:
    for later, expected in ((300, "a2 b1 c0"), (301, "b1 a2 c0")):
        detector = Detector([template(letter) for letter in "abc"])
        for line, at in (("a", NOW), ("a", NOW), ("b", NOW + later)):
            detector.find(line, Instant(at))
        assert expected == order(detector)


def test_one_that_cannot_rise_far_may_rise_by_one() -> None:
    detector = Detector([template(letter) for letter in "abcd"])
    for letter, times in (("a", 5), ("b", 4), ("c", 1), ("d", 1)):
        for _ in range(times):
            detector.find(letter, Instant(NOW))
    assert "a5 b4 c1 d1" == order(detector)
    for letter in "adada":
        detector.find(letter, Instant(NOW))
    assert "a8 b4 d3 c1" == order(detector)
