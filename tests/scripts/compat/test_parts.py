"""Expressions come with texts that they match."""

from __future__ import annotations

import re
import warnings
from random import Random

from compat.parts import Expression, Part, control, expression

from banish.compat.tags import expand
from banish.core.config import UseDns


def test_most_texts_match() -> None:
    matches = 0
    for seed in range(200):
        rng = Random(seed)
        made = expression(rng)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            matches += re.search(expand(made.regex, UseDns.RAW), made.text(rng) + "\n") is not None
    assert 120 < matches < 200


def test_a_part_may_be_an_option() -> None:
    made = Expression([Part("fail", lambda _: "fail"), control("NOFAIL")], "^", "%$", " ")
    assert "^fail <F-NOFAIL>nofail</F-NOFAIL>%$" == made.regex
    assert "^%(opt)s <F-NOFAIL>nofail</F-NOFAIL>%%$" == made.written({"fail": "%(opt)s"})
    assert "fail nofail" == made.text(Random(0))
