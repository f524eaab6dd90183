"""One pass over a block for the words of many jails: where a line may be of interest to whom.

Source: https://intel.github.io/hyperscan/dev-reference/. To compile a database of plain words takes a few
milliseconds, so it is kept in memory only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

import hyperscan

from banish.core.errors import RuleError

_ENOUGH: Final = 8  # of a jail's lines, one in so many: with more, the search costs more than it saves


class Sieve:
    """The words of jails; case is left aside. `words` by jail, every word of ASCII and not empty."""

    def __init__(self, words: Mapping[str, frozenset[str]]) -> None:
        jails_of: dict[str, list[str]] = {}
        for jail, wanted in words.items():
            for word in wanted:
                jails_of.setdefault(word, []).append(jail)
        self.jails = frozenset(words)
        self.crowded: frozenset[str] = frozenset()
        """The jails for which the latest search was not worth it."""
        self._jails_of = [tuple(jails) for jails in jails_of.values()]
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        self._database.compile(
            expressions=[re.escape(word).encode("ascii") for word in jails_of],
            ids=list(range(len(jails_of))),
            elements=len(jails_of),
            flags=[hyperscan.HS_FLAG_CASELESS] * len(jails_of),
        )

    def lines(self, block: bytes, count: int) -> dict[str, list[int] | None]:
        """Return, by jail, where the lines begin that have one of its words; nothing where they are too many.

        `count` is how many lines the block has. If somebody has so many that the search is given up, nobody
        has a list.
        """
        most = count // _ENOUGH
        found: dict[str, set[int]] = {jail: set() for jail in self.jails}
        jails_of, newline_before = self._jails_of, block.rfind
        calls = 0

        def matched(word: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            nonlocal calls
            calls += 1
            start = newline_before(b"\n", 0, end) + 1
            for jail in jails_of[word]:
                found[jail].add(start)
            return calls > count

        self.crowded = frozenset()
        try:
            self._database.scan(block, match_event_handler=matched)
        except hyperscan.ScanTerminated:
            self.crowded = frozenset({max(found, key=lambda jail: len(found[jail]))})
            return dict.fromkeys(found)
        self.crowded = frozenset(jail for jail, lines in found.items() if len(lines) > most)
        return {jail: None if jail in self.crowded else sorted(lines) for jail, lines in found.items()}


_FLAGS_IN_FRONT: Final = re.compile(r"\A\(\?[aiLmsux]+\)")


class LineSearch:
    """A search for lines that expressions may match; it finds too many, never too few.

    Of ASCII lines only. `RuleError` if an expression cannot be searched for.
    """

    def __init__(self, expressions: Sequence[tuple[str, int]], *, is_exact: bool = False) -> None:
        """Take expressions with their flags; with `is_exact` they mean what they mean to `re`."""
        self._database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        flags = hyperscan.HS_FLAG_MULTILINE
        if not is_exact:
            flags |= hyperscan.HS_FLAG_PREFILTER | hyperscan.HS_FLAG_ALLOWEMPTY
        try:
            self._database.compile(
                expressions=[_FLAGS_IN_FRONT.sub("", regex).encode() for regex, _ in expressions],
                ids=list(range(len(expressions))),
                elements=len(expressions),
                flags=[
                    flags | (hyperscan.HS_FLAG_CASELESS if each & re.IGNORECASE else 0)
                    for _, each in expressions
                ],
            )
        except hyperscan.HyperscanError as error:
            raise RuleError(f"cannot be searched for: {error}") from error

    def lines(self, block: bytes, most: int) -> set[int]:
        """Return where lines begin that may match; it is given up when they are more than `most`."""
        found: set[int] = set()

        def matched(_number: int, end: int) -> bool:
            found.add(block.rfind(b"\n", 0, max(0, end - 1)) + 1)
            return len(found) > most

        self._scan(block, matched)
        return found

    def matches(self, block: bytes, most: int) -> set[tuple[int, int]]:
        """Return where lines begin, each with the number of an expression that may match there, from 0.

        It is given up when they are more than `most`.
        """
        found: set[tuple[int, int]] = set()

        def matched(number: int, end: int) -> bool:
            found.add((block.rfind(b"\n", 0, max(0, end - 1)) + 1, number))
            return len(found) > most

        self._scan(block, matched)
        return found

    def _scan(self, block: bytes, matched: Callable[[int, int], bool]) -> None:
        def told(number: int, _start: int, end: int, _flags: int, _context: object) -> bool:
            return matched(number, end)

        with suppress(hyperscan.ScanTerminated):
            self._database.scan(block, match_event_handler=told)


@lru_cache(maxsize=64)
def search_for(expressions: tuple[tuple[str, int], ...], *, is_exact: bool = False) -> LineSearch | None:
    """Return a search for lines that one of the expressions may match, if all can be searched for.

    Jails whose logs are dated alike look for the same, and get the same search.
    """
    try:
        return LineSearch(expressions, is_exact=is_exact)
    except RuleError:
        return None
