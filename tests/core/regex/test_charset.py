"""Sets of characters are numbers, one bit for each character of a sample."""

from __future__ import annotations

from banish.core.regex.charset import (
    EVERYTHING,
    NEWLINE,
    NOTHING,
    SAMPLE,
    CharSet,
    common,
    having,
    is_particular,
    pick,
    united,
    within,
    without,
)


def test_a_set_has_the_characters_it_was_made_of() -> None:
    digits = having("0123456789")
    assert within(digits, "2023")
    assert not within(digits, "20x3")


def test_a_set_is_particular_if_it_tells_digits_apart() -> None:
    sets = [having(each) for each in ("4", "a0", "ab", "0123456789")]
    assert [True, True, False, False] == [is_particular(each) for each in sets]


def test_all_of_ascii_is_in_the_sample() -> None:
    assert EVERYTHING == having(map(chr, range(0x3000)))
    assert set(map(chr, range(128))) < set(SAMPLE)


def test_what_is_not_in_the_sample_is_left_out() -> None:
    assert NOTHING == having("漢")


def test_sets_are_joined_cut_and_compared() -> None:
    ab, bc = having("ab"), having("bc")
    assert having("b") == common(ab, bc)
    assert having("a") == without(ab, bc)
    assert having("abc") == united([ab, bc])
    assert NOTHING == united([])


def test_a_pleasant_character_stands_for_a_set() -> None:
    assert ("a", "1", ".") == (pick(EVERYTHING), pick(having("0123")), pick(having(".,")))


def test_the_first_of_an_unpleasant_set_stands_for_it() -> None:
    assert ("y", "\n") == (pick(having("zy")), pick(NEWLINE))


def test_nothing_stands_for_the_empty_set() -> None:
    assert "" == pick(CharSet(0))
