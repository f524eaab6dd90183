from __future__ import annotations

import pytest
from demo.screen import WIDTH, Screen, clip, wrapped


def test_a_text_that_is_too_long_is_cut_visibly() -> None:
    assert clip("ban", 3) == "ban"
    assert clip("bans", 3) == "ba…"


def test_a_line_that_is_too_long_goes_on_below_a_little_further_in() -> None:
    assert wrapped("  for 5 failures", 15) == ["  for 5", "      failures"]
    assert wrapped("", 12) == [""]


def test_no_line_is_wider_than_promised(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    screen = Screen()
    screen.say("mallory", "x" * 100)
    screen.remark("server", "x" * 100)
    screen.note("x" * 100)
    screen.quote("x" * 100, ["x" * 100, "x " * 100])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) == WIDTH
    assert "\x1b" not in "".join(lines)


def test_numbers_stand_right_and_words_left(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().table([("who", "failures"), ("anna", "6")], right=(1,))
    head, row = capsys.readouterr().out.splitlines()
    assert head.index("failures") + len("failures") == row.index("6") + 1


def test_colours_can_be_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    Screen().say("mallory", "BANNED now")
    assert "\x1b[31mmallory\x1b[0m  \x1b[1;31mBANNED\x1b[0m now\n" in capsys.readouterr().out
