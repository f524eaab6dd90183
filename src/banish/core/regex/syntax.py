"""Reads a regular expression into a tree, by the parser of Python's own `re`.

Only this module knows that parser. It is `re._parser` (until Python 3.10 `sre_parse`), private but unchanged
in shape for twenty years; whatever it should say one day that is not known here makes an expression
unreadable, and an unreadable expression is not judged.
"""

from __future__ import annotations

import importlib
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final, TypeAlias, cast

from banish.core.regex.charset import (
    EVERYTHING,
    NEWLINE,
    SAMPLE,
    CharSet,
    common,
    having,
    is_particular,
    united,
    without,
)
from banish.core.regex.tree import (
    At,
    Atomic,
    Back,
    Chars,
    Choice,
    Conditional,
    Greed,
    Group,
    Look,
    Node,
    Repeat,
    Run,
    walk,
)

_PARSER: Final = importlib.import_module("re._parser")
_COMPILER: Final = importlib.import_module("re._compiler")
_CODES: Final = importlib.import_module("re._constants")
_UNLIMITED: Final = int(_PARSER.MAXREPEAT)

_Raw: TypeAlias = "Iterable[tuple[object, object]]"

_BEYOND: Final = 0x10FFFF  # the highest code there is

# plain numbers: an operation on flags takes twenty times as long, and a stock tree has 60,000 of them
_IGNORECASE, _ASCII, _DOTALL, _MULTILINE = map(int, (re.IGNORECASE, re.ASCII, re.DOTALL, re.MULTILINE))
_SPELLED: Final = _IGNORECASE | _ASCII | _DOTALL
_KEPT: Final = _SPELLED | _MULTILINE
"""Flags that change what a tree means."""


def tree_of(regex: str, flags: int = 0) -> Node | None:
    """Return the tree of an expression; nothing if it cannot be read."""
    return _tree_of(regex, flags & ~re.UNICODE)  # which a text has anyway, said or not


@lru_cache(maxsize=64)  # trees are large, and asked for several times in a row
def _tree_of(regex: str, flags: int) -> Node | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # as where expressions are compiled
            parsed = _PARSER.parse(regex, flags)
        names = {int(number): str(name) for name, number in parsed.state.groupdict.items()}
        return _Reading(names).run(parsed, int(parsed.state.flags) & _KEPT)
    except (re.error, RecursionError, OverflowError, ValueError, TypeError, KeyError, AttributeError):
        return None


class _Reading:
    """One expression on its way into a tree; flags change from group to group."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names

    def run(self, raw: object, flags: int) -> Node:
        items = tuple(self._node(_name(op), value, flags) for op, value in cast("_Raw", raw))
        return items[0] if len(items) == 1 else Run(items)

    def _node(self, op: str, value: object, flags: int) -> Node:
        if op in _SINGLE:
            return _chars(op, value, flags)
        return _NODES[op](self, value, flags)

    def choice(self, value: object, flags: int) -> Node:
        _, branches = cast("tuple[None, list[object]]", value)
        return Choice(tuple(self.run(branch, flags) for branch in branches))

    def group(self, value: object, flags: int) -> Node:
        number, added, removed, raw = cast("tuple[int | None, int, int, object]", value)
        item = self.run(raw, (flags | (added & _KEPT)) & ~removed)
        return item if number is None else Group(item, number, self._names.get(number, ""))

    def atomic(self, value: object, flags: int) -> Node:
        return Atomic(self.run(value, flags))

    def look(self, value: object, flags: int, *, is_negative: bool) -> Node:
        direction, raw = cast("tuple[int, object]", value)
        return Look(self.run(raw, flags), is_ahead=direction > 0, is_negative=is_negative)

    def never(self, _value: object, _flags: int) -> Node:
        return Look(Run(), is_ahead=True, is_negative=True)

    def repeat(self, value: object, flags: int, greed: Greed) -> Node:
        least, most, raw = cast("tuple[int, int, object]", value)
        return Repeat(self.run(raw, flags), int(least), None if most == _UNLIMITED else int(most), greed)

    def conditional(self, value: object, flags: int) -> Node:
        number, yes, no = cast("tuple[int, object, object | None]", value)
        return Conditional(number, self.run(yes, flags), self.run(no or (), flags))


_Build: TypeAlias = "Callable[[_Reading, object, int], Node]"

_NODES: Final[Mapping[str, _Build]] = {
    "BRANCH": _Reading.choice,
    "SUBPATTERN": _Reading.group,
    "ATOMIC_GROUP": _Reading.atomic,
    "ASSERT": lambda reading, value, flags: reading.look(value, flags, is_negative=False),
    "ASSERT_NOT": lambda reading, value, flags: reading.look(value, flags, is_negative=True),
    "FAILURE": _Reading.never,
    "MAX_REPEAT": lambda reading, value, flags: reading.repeat(value, flags, Greed.GREEDY),
    "MIN_REPEAT": lambda reading, value, flags: reading.repeat(value, flags, Greed.LAZY),
    "POSSESSIVE_REPEAT": lambda reading, value, flags: reading.repeat(value, flags, Greed.POSSESSIVE),
    "GROUPREF_EXISTS": _Reading.conditional,
    "GROUPREF": lambda _reading, value, _flags: Back(cast("int", value)),
    "AT": lambda _reading, value, flags: At(_name(value), is_multiline=bool(flags & _MULTILINE)),
}

_CATEGORIES: Final[Mapping[str, str]] = {
    "DIGIT": r"\d",
    "NOT_DIGIT": r"\D",
    "SPACE": r"\s",
    "NOT_SPACE": r"\S",
    "WORD": r"\w",
    "NOT_WORD": r"\W",
}


def _name(op: object) -> str:
    """Return the name of one of the parser's constants."""
    return cast("str", getattr(op, "name"))  # noqa: B009 - they are numbers to the type checker


def _chars(op: str, value: object, flags: int) -> Chars:
    spelled = f"{op} {value!r} {flags & _SPELLED}"
    folds_case = bool(flags & _IGNORECASE)
    is_ascii = not folds_case and _highest(op, value) < 128
    return Chars(_SINGLE[op](value, flags), spelled, is_ascii, folds_case)


def _highest(op: str, value: object) -> int:
    """Return the highest code of what is spelled out, character by character or as ranges."""
    match op:
        case "LITERAL":
            return cast("int", value)
        case "RANGE":
            return max(cast("tuple[int, int]", value))
        case "IN":
            return max(_highest(_name(each), member) for each, member in cast("_Raw", value))
        case _:
            return _BEYOND


def _literal(value: object, flags: int) -> CharSet:
    code = cast("int", value)
    return _between(code, code, flags & _IGNORECASE)


def _range(value: object, flags: int) -> CharSet:
    low, high = cast("tuple[int, int]", value)
    return _between(low, high, flags & _IGNORECASE)


@lru_cache(maxsize=1024)
def _between(low: int, high: int, ignore_case: int) -> CharSet:
    codes = _FOLDED if ignore_case else _AS_WRITTEN
    return united(bit for code, bit in codes if low <= code <= high)


_AS_WRITTEN: Final = [(ord(character), having(character)) for character in SAMPLE]
_FOLDED: Final = [
    (ord(other), having(character))
    for character in SAMPLE
    for other in (character.lower(), character.upper())
    if len(other) == 1
]


def _category(value: object, flags: int) -> CharSet:
    return _kind(_name(value).removeprefix("CATEGORY_"), flags & _ASCII)


@lru_cache(maxsize=32)
def _kind(kind: str, only_ascii: int) -> CharSet:
    member = re.compile(_CATEGORIES[kind], only_ascii)
    return having(character for character in SAMPLE if member.match(character))


def _set(value: object, flags: int) -> CharSet:
    members = [(_name(op), each) for op, each in cast("_Raw", value)]
    mask = united(_MEMBERS[op](each, flags) for op, each in members if op != "NEGATE")
    return without(EVERYTHING, mask) if members[0][0] == "NEGATE" else mask


_MEMBERS: Final[Mapping[str, Callable[[object, int], CharSet]]] = {
    "LITERAL": _literal,
    "RANGE": _range,
    "CATEGORY": _category,
}

_SINGLE: Final[Mapping[str, Callable[[object, int], CharSet]]] = {
    "LITERAL": _literal,
    "NOT_LITERAL": lambda value, flags: without(EVERYTHING, _literal(value, flags)),
    "ANY": lambda _value, flags: EVERYTHING if flags & _DOTALL else without(EVERYTHING, NEWLINE),
    "IN": _set,
}
"""What stands for one character, and which ones it may be."""


def with_any_digit(regex: str, flags: int = 0) -> re.Pattern[str] | None:
    """Return an expression that also takes any other digit where this one is particular about digits.

    It matches wherever this one would if some digits were others. Nothing if that cannot be said: what is
    tried once only, must not be there, or depends on a group, may match less if a part of it matches more.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _PARSER.parse(regex, flags)
        _take_any_digit(parsed, int(parsed.state.flags) & _KEPT)
        return cast("re.Pattern[str]", _COMPILER.compile(parsed, flags))
    except (re.error, RecursionError, OverflowError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _take_any_digit(parsed: object, flags: int) -> None:
    """Widen, in place, every set that holds some digits and not all."""
    items = cast("list[tuple[object, object]]", getattr(parsed, "data"))  # noqa: B009 - not typed
    for index, (op, value) in enumerate(items):
        name = _name(op)
        if name in _SINGLE:
            if is_particular(_SINGLE[name](value, flags)):
                widened = [_one_of(parsed, [(op, value)]), _one_of(parsed, [_ANY_DIGIT])]
                items[index] = (_CODES.BRANCH, (None, widened))
        elif name == "BRANCH":
            for branch in cast("tuple[None, list[object]]", value)[1]:
                _take_any_digit(branch, flags)
        elif name == "SUBPATTERN":
            _, added, removed, raw = cast("tuple[int | None, int, int, object]", value)
            _take_any_digit(raw, (flags | (added & _KEPT)) & ~removed)
        elif name in {"MAX_REPEAT", "MIN_REPEAT", "ASSERT"}:
            _take_any_digit(cast("tuple[object, ...]", value)[-1], flags)
        elif name != "AT":
            raise ValueError(name)


def _one_of(parsed: object, items: list[tuple[object, object]]) -> object:
    return _PARSER.SubPattern(getattr(parsed, "state"), items)  # noqa: B009 - not typed


_ANY_DIGIT: Final = (_CODES.IN, [(_CODES.RANGE, (ord("0"), ord("9")))])


_FLAGS_IN_FRONT: Final = re.compile(r"\A\(\?[aiLmsux]+\)")


def line_by_line(regex: str, flags: int = 0) -> re.Pattern[str] | None:
    r"""Return an expression for as many lines in a row as there are that `regex` matches at their beginning.

    It is what `(?:REGEX.*\n)*+` would be if no part of `regex` could go on into the next line. Nothing if
    that cannot be written.
    """
    body = _FLAGS_IN_FRONT.sub("", regex)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if any(_is_newline(node) for node in walk(tree_of(regex, flags) or Back(0))):
                return None
            parsed = _PARSER.parse(f"(?:{body}.*+\n)*+", flags | re.MULTILINE)
        _keep_in_line(parsed, int(parsed.state.flags) & _KEPT)
        return cast("re.Pattern[str]", _COMPILER.compile(parsed, flags | re.MULTILINE))
    except (re.error, RecursionError, OverflowError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_newline(node: Node) -> bool:
    return (isinstance(node, Chars) and node.mask == NEWLINE) or node == Back(0)


def _keep_in_line(parsed: object, flags: int) -> None:
    """Take the line feed, in place, out of every set that holds more than it."""
    items = cast("list[tuple[object, object]]", getattr(parsed, "data"))  # noqa: B009 - not typed
    kept: list[tuple[object, object]] = []
    for op, value in items:
        name = _name(op)
        if name in _SINGLE:
            mask = _SINGLE[name](value, flags)
            if mask != NEWLINE and common(mask, NEWLINE):
                kept += _without_newline(parsed, op, value)
                continue
        elif name == "BRANCH":
            for branch in cast("tuple[None, list[object]]", value)[1]:
                _keep_in_line(branch, flags)
        elif name == "SUBPATTERN":
            _, added, removed, raw = cast("tuple[int | None, int, int, object]", value)
            _keep_in_line(raw, (flags | (added & _KEPT)) & ~removed)
        elif name in _HOLDING:
            _keep_in_line(cast("tuple[object, ...]", value)[-1], flags)
        elif name == "ATOMIC_GROUP":
            _keep_in_line(value, flags)
        elif name not in {"AT", "GROUPREF"}:
            raise ValueError(name)
        kept.append((op, value))
    items[:] = kept


_HOLDING: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT", "ASSERT", "ASSERT_NOT"})


def _without_newline(parsed: object, op: object, value: object) -> list[tuple[object, object]]:
    """Return what stands for the same characters but one; a set of all others stays a set, which is quick."""
    if op is _CODES.NOT_LITERAL:
        return [(_CODES.IN, [(_CODES.NEGATE, None), (_CODES.LITERAL, value), _LINE_FEED])]
    if op is _CODES.IN and cast("list[tuple[object, object]]", value)[0][0] is _CODES.NEGATE:
        return [(op, [*cast("list[tuple[object, object]]", value), _LINE_FEED])]
    return [(_CODES.ASSERT_NOT, (1, _one_of(parsed, [_LINE_FEED]))), (op, value)]


_LINE_FEED: Final = (_CODES.LITERAL, ord("\n"))
