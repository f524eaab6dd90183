"""Which jails have their lines searched for by words, and by which: chosen by what the log holds, and again.

Searching pays where few lines matter. A jail for which it does not pay goes through all lines for a while,
and is then tried anew, with other words if others have become rarer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from banish.core.match.page import Page
from banish.core.match.settling import State
from banish.core.match.sieve import Sieve
from banish.core.match.sparse import SparseScanner

_WORTH: Final = 16_384  # bytes; a smaller block is not worth a search
_WORTH_A_SIEVE: Final = 65_536  # bytes; a smaller block is not worth making one, which takes milliseconds
_PATIENCE: Final = 64  # blocks until a jail is tried anew for which the search was not worth it
_MOST: Final = 64  # sets of jails that have a sieve of their own


@dataclass(slots=True)
class _Set:
    """Jails that read a source: their sieve, what it was made for, and who is left out for how long."""

    sieve: Sieve | None = None
    made_for: dict[str, State | None] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


class Sieves:
    """The sieves of all sets of jails that have a source in common."""

    def __init__(self) -> None:
        self._sets: dict[tuple[str, ...], _Set] = {}

    def lines(self, page: Page, jails: Sequence[SparseScanner]) -> dict[str, list[int] | None]:
        """Return, by jail, where the lines begin that may matter; nothing for jails that look at all."""
        if len(page.block) < _WORTH or not jails:
            return {}
        names = tuple(each.jail.name for each in jails)
        if names not in self._sets:
            if len(page.block) < _WORTH_A_SIEVE:
                return {}
            if len(self._sets) >= _MOST:
                self._sets.clear()
        each_set = self._sets.setdefault(names, _Set())
        self._prepare(each_set, page, jails)
        if each_set.sieve is None:
            return {}
        found = each_set.sieve.lines(page.block, page.count)
        for name in each_set.sieve.crowded:
            each_set.left_out[name] = _PATIENCE
        return found

    @staticmethod
    def _prepare(each_set: _Set, page: Page, jails: Sequence[SparseScanner]) -> None:
        """Make a sieve, if something has changed: templates, or who is left out."""
        for name in list(each_set.left_out):
            each_set.left_out[name] -= 1
            if not each_set.left_out[name]:
                del each_set.left_out[name]
        wanted = {
            each.jail.name: each.steady
            for each in jails
            if each.jail.name not in each_set.left_out and each.settle()
        }
        if wanted == each_set.made_for:
            return
        each_set.made_for = dict(wanted)
        words = {each.jail.name: each.words(page) for each in jails if each.jail.name in wanted}
        known = {name: some for name, some in words.items() if some}
        each_set.sieve = Sieve(known) if known else None
