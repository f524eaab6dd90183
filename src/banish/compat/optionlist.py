"""Lists of options: `name[key=value, other="a, b"]`, and values that hold several of them.

There is no escape character: a value in double quotes may hold single ones, and the other way round.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from banish.core.errors import ConfigError

_NAME = r"[\w\-.]+(?:\?[\w\-.]+=[\w\-.]+)?"
_VALUE = r"""(?>"([^"]*)"|'([^']*)'|([^,\]]*))"""  # atomic: what begins as a quoted value is one or is wrong
_KEY = re.compile(rf"\s*({_NAME})=")
_QUOTED_OR_BARE = re.compile(_VALUE)
_SEPARATOR = re.compile(r",|\]\s*\[|\s*\Z")
_REST = re.compile(r"\s*\Z")

_BLOCK = rf"\[(?>\s*{_NAME}={_VALUE}(?:,|\]\s*\[|\s*(?=\])))*+\s*\]"
_ITEM = re.compile(rf"[^\s\[]+(?:\s*{_BLOCK})?(?=\s|\Z)|\S+")


class Item(NamedTuple):
    """A name and its options, in the order in which each key came first; of equal keys the last value."""

    name: str
    options: dict[str, str]


def parse(text: str) -> Item:
    """Read one item; a `ConfigError` says where it goes wrong. The name is not stripped, values are."""
    name, bracket, rest = text.rstrip().partition("[")
    if not name:
        raise ConfigError(f'no name in "{_cut(text)}"; write name or name[key=value]')
    if not bracket:
        return Item(name, {})
    if not rest.endswith("]"):
        raise ConfigError(
            f'the list "[{_cut(rest)}" is not closed; end it with "]" and write nothing behind that'
        )
    return Item(name, options(rest[:-1]))


def options(body: str) -> dict[str, str]:
    """Read what stands between the brackets."""
    found: dict[str, str] = {}
    at = 0
    while not _REST.match(body, at):
        key = _KEY.match(body, at)
        value = _QUOTED_OR_BARE.match(body, key.end()) if key else None
        if not key or not value:
            raise ConfigError(
                f'no option at "{_cut(body[at:])}" (character {at}); write key=value, no blank before "="'
            )
        separator = _SEPARATOR.match(body, value.end())
        if not separator:
            seen = f'"{_cut(body[value.end() :])}" behind option {key[1]} (character {value.end()})'
            raise ConfigError(
                f"unexpected {seen}; write a comma between options, and quotes around commas and brackets"
            )
        found[key[1]] = next(group for group in value.groups() if group is not None).strip()
        at = separator.end()
    return found


def split(text: str) -> list[str]:
    """Split a value into items, which stand one per line or with blanks between them."""
    return [item[0] for item in _ITEM.finditer(text)]


def _cut(text: str) -> str:
    return text if len(text) <= 30 else text[:30] + "…"
