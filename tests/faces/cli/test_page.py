from __future__ import annotations

import io
import sys

import pytest

from banish.faces.cli.page import Page, cut, cut_left


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(sys, "stdout", Terminal())
    return Page()


def test_on_a_terminal_text_fits_the_line(page: Page) -> None:
    assert "a" * 29 + "…" == page.cut("a" * 50, 10)
    assert "a" * 30 == page.cut("a" * 30, 10)
    assert "a" * 30 + "\n" + " " * 10 + "aa" == page.wrap("a" * 32, 10)


def test_a_file_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert ("a" * 500, "a" * 500) == (Page().cut("a" * 500, 10), Page().wrap("a" * 500, 10))


def test_no_text_can_take_over_the_terminal(page: Page) -> None:
    assert ("\\x1b[2J", "\\x1b[2J") == (page.cut("\x1b[2J", 0), page.wrap("\x1b[2J", 0))


def test_an_ellipsis_stands_for_what_is_left_out() -> None:
    assert ("ab…", "…ef", "abc") == (cut("abcdef", 3), cut_left("abcdef", 3), cut_left("abc", 3))
