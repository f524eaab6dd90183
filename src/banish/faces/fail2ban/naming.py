"""What the word REGEX names: a jail, a filter, or nothing, so that it is an expression itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from banish.adapters.tree import Found, find
from banish.compat.files import stem
from banish.compat.jails import jail_unit
from banish.compat.layers import Units
from banish.compat.optionlist import Item, parse
from banish.core.errors import ConfigError

FILTERS: Final = "filter.d"
_EXTENSIONS: Final = (".conf", ".local")
_NAME: Final = re.compile(r"[\w\-.]+(?<!\.conf)(?<!\.local)")


@dataclass(frozen=True, slots=True)
class NamedJail:
    """A jail of a configuration, with options that override those of its filter."""

    name: str
    options: Mapping[str, str]
    tree: Found


@dataclass(frozen=True, slots=True)
class NamedFilter:
    """A filter: `path` as a jail would name it; `base` is the directory it was found in, if it is a tree."""

    name: str
    options: Mapping[str, str]
    tree: Found
    path: str
    base: str


@dataclass(frozen=True, slots=True)
class Expression:
    """No name of anything."""

    text: str


Named: TypeAlias = "NamedJail | NamedFilter | Expression"


def resolve(word: str, config: str | None) -> Named:
    """Find out what the word names; `config` is the directory of the configuration.

    `ConfigError` if it could only be a name, and there is no such directory.
    """
    item = _item(word)
    if item is None:
        return Expression(word)
    tree, base = _tree(config)
    if tree is not None:
        if "/" not in item.name and item.name in jail_unit(Units(tree.files), str(tree.root)).sections:
            return NamedJail(item.name, item.options, tree)
        name = _plain(item.name.removeprefix(f"{FILTERS}/"))
        if "/" not in name and _is_filter(tree, name):
            return NamedFilter(name, item.options, tree, name, base)
    elif _NAME.fullmatch(item.name):
        raise ConfigError(f"{config}: no such directory; name the one with the jail or filter {item.name}")
    return _by_path(item) or Expression(word)


def is_file(word: str) -> bool:
    """Whether the word is the path of a file; it may be anything, and of any length."""
    try:
        return Path(word).is_file()
    except (OSError, ValueError):
        return False


def _item(word: str) -> Item | None:
    """Read `name[options]`; nothing if the word does not look like that."""
    name = word.partition("[")[0]
    if not name or any(character.isspace() for character in name):
        return None
    try:
        return parse(word)
    except ConfigError:
        return None


def _tree(config: str | None) -> tuple[Found | None, str]:
    """Return the configuration, if there is one, and its directory; the folder of filters names it, too."""
    base = config
    if base is not None and Path(base).name == FILTERS:
        base = str(Path(base).parent)
    try:
        tree = find(base)
    except ConfigError:
        return None, ""
    return tree, str(tree.root) if base is None else base


def _plain(name: str) -> str:
    return stem(name) if name.endswith(_EXTENSIONS) else name


def _is_filter(tree: Found, name: str) -> bool:
    files = tree.files.names(FILTERS)
    return any(name + extension in files for extension in _EXTENSIONS)


def _by_path(item: Item) -> NamedFilter | None:
    """Find a filter by its path, which has a slash in it; in a folder of filters it belongs to that tree."""
    plain = _plain(item.name)
    if "/" not in item.name or not any(is_file(plain + extension) for extension in _EXTENSIONS):
        return None
    folder, _, name = plain.rpartition("/")
    above, _, last = folder.rpartition("/")
    if last != FILTERS:
        path = str(Path(plain).absolute())
        return NamedFilter(name, item.options, find(folder or "/"), path, "")
    base = above or ("/" if folder.startswith("/") else ".")
    return NamedFilter(name, item.options, find(base), name, base)
