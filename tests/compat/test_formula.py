import ast
import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.formula import Formula, formula, number
from banish.core.errors import ConfigError


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (4800, "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor"),
        (
            600 * math.exp(4) / math.exp(1),
            "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)",
        ),
        (1, "1 < ban.Count <= 3 and not 0 or 2"),
        (0, "3 < ban.Count <= 9"),
        (2, "0 or 2"),
        (0, "0 and 2"),
        (-601, "~ban.Time"),
        (603, "ban.Time + +ban.Count"),
        (600, "min(max(abs(-600), 1), 10 ** 6)"),
        (1234.6, "round(1234.567, 1)"),
        (1235, "round(1234.567)"),
        (7, "int(7.9) | 1 & 3 ^ 2"),
        (150, "ban.Time >> 2"),
        (math.pi, "math.pi"),
        (1, "True"),
        (1500, "1.5e3"),
        (3, "ban.Count if banFactor != 2 else 1"),
    ],
)
def test_arithmetic_is_done_as_python_does_it(expected: float, text: str) -> None:
    assert expected == pytest.approx(formula(text)(600.0, 3, 1.0))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "__import__('os')",
            "ban.Time.real",
            "[1]",
            "lambda: 1",
            "f'{1}'",
            "'a' * 9",
            "1 in 2",
            "ban",
            "x",
            "(1).real",
        ),
        *(
            "math.factorial(9)",
            "math.comb(9, 1)",
            "random.random()",
            "min(1, key=2)",
            "min(*[1])",
            "1 @ 2",
            "1j",
            "None",
        ),
        *(
            "",
            "1 +",
            "1if 1 else 2",
            "1e3if 1 else 2",
            "0x10",
            "1_0e1_0",
            "x" * 1001,
            "-" * 100 + "1",
            "(" * 300 + "1" + ")" * 300,
        ),
        *("\x00", "1; 2", "open('x')", "().__class__", "min(1)(2)", "a := 1"),
    ],
)
def test_what_is_more_than_arithmetic_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        formula(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2 ** 99999",
            "9 ** 9 ** 9",
            "1 << 99999999999",
            "0 << 99999999999999",
            "1 << -1",
            "1 / 0",
            "(-8) ** 0.5",
        ),
        *(
            "max()",
            "ban.Time << 1.5",
            "round(1, -99999999999)",
            "round(1, 1.5)",
            "math.exp(1000)",
            "math.sqrt(-1)",
        ),
        *("(" + " * ".join(["2 ** 1900"] * 3) + ")", "int(math.inf)", "abs(1, 2)", "float(2 ** 4000)"),
    ],
)
def test_what_has_no_value_says_so_and_costs_nothing(text: str) -> None:
    with pytest.raises((ArithmeticError, ValueError)):
        formula(text)(600.0, 3, 1.0)


def test_a_fraction_of_a_second_stays_one() -> None:
    assert 1.0 == formula("ban.Time * 2")(0.5, 1, 1.0)


def test_a_tree_that_was_not_checked_is_not_computed() -> None:
    with pytest.raises(AssertionError):
        Formula("[]", ast.List([]))(1.0, 1, 1.0)


def test_two_formulas_are_equal_if_their_texts_are() -> None:
    assert formula("ban.Time*2") == formula("ban.Time*2") != formula("ban.Time*3")
    assert "Formula(text='ban.Time')" == repr(formula("ban.Time"))


def test_a_number_may_be_computed_but_knows_no_variable() -> None:
    assert 6 == number(" 2 * 3 ")
    with pytest.raises(ConfigError, match=r'"ban\.Time" is not known here'):
        number("ban.Time")
    with pytest.raises(ConfigError, match="cannot be computed"):
        number("1 / 0")


@given(st.text(alphabet="0123456789.+-*/%<>()eE_ abnTimeCount,xj'~&|^!="))
def test_no_text_is_too_odd(text: str) -> None:
    with contextlib.suppress(ConfigError, ArithmeticError, ValueError):
        formula(text)(600.0, 3, 1.0)
