from __future__ import annotations

from banish.adapters.sources import claims
from banish.adapters.sources.claims import Claims
from banish.adapters.sources.position import Key, Position


class Reading:
    def __init__(self, position: Position | None) -> None:
        self._position = position

    def release(self, _: Key) -> Position | None:
        return self._position


AT = Position(1, 2, 30)


def test_a_file_nobody_knows_begins_anew() -> None:
    assert Claims().take((1, 2), Reading(None)) is None


def test_a_file_changes_hands_where_it_was() -> None:
    table = Claims()
    table.take(AT.key, Reading(AT))
    assert AT == table.take(AT.key, Reading(None))


def test_a_file_with_two_names_belongs_to_the_first() -> None:
    table, first, second = Claims(), Reading(None), Reading(None)
    table.take(AT.key, first)
    assert table.take(AT.key, second) is None
    table.give_up(AT, second)
    assert table.take(AT.key, first) is None
    table.give_up(AT, first)
    assert AT == table.take(AT.key, second)


def test_the_farther_position_of_the_same_file_counts() -> None:
    table = Claims()
    for offset in (10, 30, 20):
        table.remember(Position(1, 2, offset))
    assert AT == table.take(AT.key, Reading(None))
    table = Claims()
    for position in (AT, Position(1, 2, 5, "f" * 40)):
        table.remember(position)
    assert Position(1, 2, 5, "f" * 40) == table.take(AT.key, Reading(None))


def test_only_so_many_closed_files_are_remembered() -> None:
    table = Claims()
    for inode in range(claims._MOST_CLOSED + 1):
        table.remember(Position(1, inode, 10))
    assert table.take((1, 0), Reading(None)) is None
    assert Position(1, 1, 10) == table.take((1, 1), Reading(None))
