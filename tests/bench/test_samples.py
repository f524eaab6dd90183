from __future__ import annotations

import pytest
from bench.samples import almost_all, growth, median, percentile
from hypothesis import given
from hypothesis import strategies as st

HUNDRED = [float(number) for number in range(100, 0, -1)]


@pytest.mark.parametrize(
    ("expected", "percent"), [(50, 50), (99, 99), (100, 100), (1, 1), (1, 0), (100, 99.1)]
)
def test_it_is_the_sample_that_so_many_do_not_exceed(expected: float, percent: float) -> None:
    assert expected == percentile(HUNDRED, percent)


def test_of_one_sample_it_is_that_one() -> None:
    assert percentile([0.5], 99) == 0.5


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 100))
def test_it_is_a_sample_and_enough_do_not_exceed_it(samples: list[float], percent: float) -> None:
    found = percentile(samples, percent)
    assert found in samples
    assert sum(sample <= found for sample in samples) * 100 >= percent * len(samples) - 1e-6


def test_the_median_of_two_is_the_lower() -> None:
    assert 1 == median([2, 1])


def test_99_percent_are_almost_all() -> None:
    assert 99 == almost_all(HUNDRED)


def test_growth_is_what_the_last_third_has_more_than_the_second() -> None:
    assert 5 == growth([100, 100, 100, 10, 11, 12, 15, 16, 17])
    assert 0 == growth([100, 10, 10, 10])


def test_of_two_samples_nothing_can_be_said_about_growth() -> None:
    assert 0 == growth([1, 9])
