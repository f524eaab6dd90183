"""Lists of exempt addresses that say too much, or the same twice, or less than another."""

from __future__ import annotations

import pytest

from banish.core.lint.exempt import doubts, lost


def odd(*entries: str) -> list[str]:
    return [entries[index] for index, _ in doubts(entries)]


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0", "10.0.0.1/0"])
def test_an_entry_for_everybody_is_odd(everybody: str) -> None:
    assert [everybody] == odd("192.0.2.1", everybody)


def test_an_entry_inside_another_is_odd() -> None:
    assert ["10.1.2.3", "10.2.0.0/16"] == odd("10.1.2.3", "10.0.0.0/8", "10.2.0.0/16", "192.0.2.1")
    [(_, text)] = doubts(["10.1.2.3", "10.0.0.0/8"])
    assert "by 10.0.0.0/8" in text


def test_of_two_that_say_the_same_the_second_is_odd() -> None:
    entries = ["192.0.2.1", "192.0.2.1/32", "host.example", "::1", "host.example"]
    assert [1, 4] == [index for index, _ in doubts(entries)]


def test_a_usual_list_is_fine() -> None:
    assert [] == odd(
        "127.0.0.1/8", "::1", "192.0.2.0/24", "2001:db8::/32", "host.example", "file:/etc/exempt"
    )


def test_what_another_list_does_not_exempt_is_lost() -> None:
    assert ["198.51.100.7", "host.example"] == lost(
        ["192.0.2.1", "198.51.100.7", "host.example"], ["192.0.2.0/24", "203.0.113.1"]
    )


def test_this_machine_itself_is_never_lost() -> None:
    assert [] == lost(["127.0.0.1/8", "::1", "127.0.0.1", "localhost"], [])
