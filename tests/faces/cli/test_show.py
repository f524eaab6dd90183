from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.model import Instant
from banish.faces.cli.show import clean, counted, epoch, json_out, left, moment, table, warn


def test_columns_are_aligned_and_numbers_stand_right(capsys: pytest.CaptureFixture[str]) -> None:
    table(("who", "bans"), [("a", 1), ("bcde", 22)], right=[1])
    assert "who   bans\na        1\nbcde    22\n" == capsys.readouterr().out


def test_a_table_without_rows_is_its_head(capsys: pytest.CaptureFixture[str]) -> None:
    table(("who", "bans"), [])
    assert "who  bans\n" == capsys.readouterr().out


def test_today_needs_no_date() -> None:
    assert 8 == len(moment(time.time()))
    assert 19 == len(moment(0.0))


def test_never_is_a_word() -> None:
    assert ("never", "for good") == (moment(None), left(None, 0.0))


def test_what_is_over_has_nothing_left() -> None:
    assert ("10s", "0s") == (left(20.0, 10.0), left(10.0, 20.0))


@given(st.text())
def test_no_text_can_take_over_the_terminal(text: str) -> None:
    assert not [letter for letter in clean(text) if ord(letter) < 32 or 127 <= ord(letter) < 160]


def test_bytes_that_are_no_text_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    json_out({"text": "\udcff"})
    assert '{"text": "\\udcff"}\n' == capsys.readouterr().out
    assert json.loads('{"text": "\\udcff"}')


def test_a_time_has_a_fraction_only_if_it_needs_one() -> None:
    assert ["1", "1.5"] == [json.dumps(epoch(Instant(at))) for at in (1.0, 1.5)]


def test_nouns_follow_their_numbers() -> None:
    assert ["0 bans", "1 ban", "2 bans"] == [counted(number, "ban") for number in range(3)]


def test_what_is_said_beside_the_answer_does_not_mix_with_it(capsys: pytest.CaptureFixture[str]) -> None:
    warn("careful")
    assert ("", "careful\n") == capsys.readouterr()
