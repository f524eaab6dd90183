"""It is proved, or not claimed, that an expression never gets its turn."""

from __future__ import annotations

import random
import re

import pytest

from banish.compat.tags import expand
from banish.core.config import UseDns
from banish.core.lint.shadow import hides
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import Run


def proved(earlier: str, later: str, flags: int = 0) -> bool:
    one, two = (tree_of(expand(text, UseDns.WARN), flags) or Run() for text in (earlier, later))
    return hides(one, two)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("^a <HOST>$", "^a <HOST>$"),
        ("^a <HOST>$", "^a (?:<HOST>)$"),
        ("^<F-USER>x</F-USER> <HOST>", "^x <HOST>"),
        ("^a <HOST>", "^a <HOST> port"),
        ("a <HOST>", "^b a <HOST> c$"),
        ("^a <HOST>", "^a <ADDR>"),
        ("^.* <HOST>", "^a b <HOST>"),
        ("^.* <HOST>", "^a? (?:b|c+) <HOST>"),
        (r"^\d+ <HOST>", "^12 <HOST>"),
        (r"^\d+ <HOST>", "^[0-9]+ <HOST>"),
        ("^a.*<HOST>", r"^a\b(?=x).*?<HOST>"),
        ("^a{2,5} <HOST>", "^a{3} <HOST>"),
        ("^a{10,50} <HOST>", "^a{20,30} <HOST>"),
        ("^a+ <HOST>", "^a{2,} <HOST>"),
        ("^ab? <HOST>", "^ab <HOST>"),
        ("^ab? <HOST>", "^a <HOST>"),
        ("^(?:a|b) <HOST>", "^a <HOST>"),
        ("^(?:aa|b+|c) <HOST>", "^(?:c|b+) <HOST>"),
        ("^(?:Invalid|Illegal) user <HOST>", "^Invalid user <HOST>$"),
        ("^(?:bad )?user <HOST>", "^bad user <HOST>$"),
        ("^(?:a|b)* <HOST>", "^ab+a <HOST>$"),
        ("^.* <HOST>", "^a(?: b| c)? <HOST>$"),
        ("^a(?: [bc])? <HOST>", "^a(?: b| c)? <HOST>$"),
        ("^(?:ab)* <HOST>", "^(?:ab)* <HOST>$"),
        ("^(?=ab)a <HOST>", "^(?=ab)a <HOST>$"),
        ("^(?>a|ab) <HOST>", "^(?>a|ab) <HOST>$"),
        ("^.* <HOST>", "^(?>a|ab) <HOST>$"),
        (r"^(a)\1 <HOST>", r"^(a)\1 <HOST>"),
        ("x?", "^a <HOST>"),
    ],
)
def test_an_earlier_expression_hides_what_is_a_case_of_it(earlier: str, later: str) -> None:
    assert proved(earlier, later)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("^a <HOST>$", "^a <HOST>"),
        ("^a <HOST>", "a <HOST>"),
        ("^a <ADDR>", "^a <HOST>"),
        ("^a b <HOST>", "^.* <HOST>"),
        ("^.+ <HOST>", "^.* <HOST>"),
        ("^a.b <HOST>", r"^a\sb <HOST>"),  # a line end is a blank
        ("^[a-z] <HOST>", r"^\w <HOST>"),
        ("^[^b] <HOST>", "^é <HOST>"),  # true, but not known of characters beyond ASCII
        ("(?i)^[a-z] <HOST>", "(?i)^k <HOST>"),  # as well
        ("^a <HOST>", "(?i)^a <HOST>"),
        ("^a++ <HOST>", "^a+ <HOST>"),
        ("^a{1,3}+ <HOST>", "^a{2} <HOST>"),
        ("^(?>a|ab) <HOST>", "^(?>ab) <HOST>"),
        ("^a{3} <HOST>", "^a{2,4} <HOST>"),
        ("^a{2,4} <HOST>", "^a{3,} <HOST>"),
        ("^a{20,30} <HOST>", "^a{10,50} <HOST>"),
        ("^a{10,} <HOST>", "^a{20,30} <HOST>"),  # true, but not proved
        ("^a(?=b) <HOST>", "^a <HOST>"),
        (r"^(a)\1 <HOST>", r"^(a)(?:\1) x<HOST>"),
        ("^(?:a|b) <HOST>", "^(?:a|c) <HOST>"),
        ("^(?:ab)* <HOST>", "^(?:a|b)* <HOST>"),
        ("^a*+a <HOST>", "^aa <HOST>"),
        ("^(?:ab)? <HOST>", "^(?:ab)* <HOST>"),
        ("^(?:ab)? <HOST>", "^(?:a|b)? <HOST>"),
        ("^(?:ab)? <HOST>", "^(?:ab){0,2} <HOST>"),
    ],
)
def test_what_is_not_proved_is_not_claimed(earlier: str, later: str) -> None:
    assert not proved(earlier, later)


def test_the_beginning_of_a_line_is_not_that_of_the_text() -> None:
    assert not hides(tree_of("^a") or Run(), tree_of("^a", re.MULTILINE) or Run())


@pytest.mark.slow
def test_no_claim_is_ever_false() -> None:
    """Every claim about random expressions holds for all short texts."""
    dice = random.Random(11)
    pieces = [
        "a",
        "b",
        "[ab]",
        ".",
        "a*",
        "b+",
        ".*",
        "(?:a|b)",
        "(?:ab)?",
        "^",
        "$",
        r"\b",
        "(?:ab|a)",
        "a{2}",
    ]
    pieces += ["(?=a)", "(?!b)", "(?>a|ab)", "a*+", "(?:a|bb)*", "a{1,2}", r"\w", "(a)", "b??"]
    letters = ["", "a", "b", "\n"]
    texts = {"".join(dice.choice(letters) for _ in range(7)) + "\n" for _ in range(600)}
    claims = 0
    for _ in range(2000):
        earlier, later = ("".join(dice.choice(pieces) for _ in range(dice.randint(1, 4))) for _ in range(2))
        if dice.random() < 0.5:
            later = earlier + later
        if proved(earlier or "a", later or "a"):
            claims += 1
            one, two = re.compile(earlier), re.compile(later)
            assert [] == [text for text in texts if two.search(text) and not one.search(text)], (
                earlier,
                later,
            )
    assert claims > 500
