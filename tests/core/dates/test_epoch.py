"""Times that are numbers."""

import pytest

from banish.core.dates.epoch import long_seconds, seconds, tai64n


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1700000000", 1700000000), ("1700000000.123", 1700000000.123), ("17000000001", 17000000001)],
)
def test_an_epoch_keeps_its_fraction(text: str, expected: float) -> None:
    assert expected == seconds(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1700000000", 1700000000),
        ("17000000001", 17000000001),
        ("1700000000123", 1700000000.123),
        ("17000000001234", 17000000001.234),
        ("1700000000123.456", 1700000000.123456),
        ("1700000000123456", 1700000000.123456),
        ("17000000001234567", 17000000001.234567),
    ],
)
def test_a_long_epoch_counts_what_its_length_says(text: str, expected: float) -> None:
    assert expected == pytest.approx(long_seconds(text), abs=1e-6)


@pytest.mark.parametrize("first", "40f")
def test_a_tai64n_label_is_read_without_its_first_digit_and_its_nanoseconds(first: str) -> None:
    assert repr(1_700_006_442) == repr(tai64n(f"@{first}000000065540a2a1234abcd"))
