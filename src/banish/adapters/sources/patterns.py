"""Which files a path with wildcards means, and in which directories new ones may appear.

The wildcards are those of fail2ban's logpath: `*`, `?` and `[…]` within one part of the path; a leading dot
must be written out.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import filter as matching
from fnmatch import fnmatchcase
from glob import has_magic
from pathlib import Path


@dataclass(slots=True)
class Survey:
    """What is there now: `paths`, and names to look out for by directory."""

    paths: dict[str, None] = field(default_factory=dict)
    places: dict[str, set[str]] = field(default_factory=dict)

    def await_in(self, directory: str, name: str) -> None:
        """Note that an entry of this name, or pattern, would change the survey."""
        self.places.setdefault(directory, set()).add(name)


def survey(patterns: Iterable[str]) -> Survey:
    """Look at the file system. A path without wildcards is in the survey even if nothing is there."""
    found = Survey()
    for pattern in patterns:
        if has_magic(pattern):
            _survey_glob(found, pattern)
        else:
            _survey_path(found, pattern)
    return found


def is_there(pattern: str) -> bool:
    """Whether a path, or a path that the pattern means, exists now."""
    return any(map(os.path.exists, survey([pattern]).paths))


def matches(pattern: str, path: str) -> bool:
    """Whether a path is one that the pattern means, part by part."""
    wanted, parts = pattern.split("/"), path.split("/")
    return len(wanted) == len(parts) and all(map(fnmatchcase, parts, wanted))


def _survey_path(found: Survey, path: str) -> None:
    found.paths[path] = None
    for place in dict.fromkeys((path, os.path.realpath(path))):
        directory, name = os.path.split(place)
        while directory not in {"", "/"} and not Path(directory).is_dir():
            directory, name = os.path.split(directory)
        found.await_in(directory or ".", name)


def _survey_glob(found: Survey, pattern: str) -> None:
    *parts, last = pattern.split("/")
    directories = [""]
    for part in parts:
        directories = [path + "/" for directory in directories for path in _entries(found, directory, part)]
    for directory in directories:
        for path in _entries(found, directory, last):
            if not Path(path).is_dir():
                found.paths[path] = None


def _entries(found: Survey, directory: str, part: str) -> list[str]:
    """List what one part of a pattern means inside one directory (empty or ended by a slash)."""
    if not part:
        return [directory]
    place = directory or "."
    if not has_magic(part):
        if not os.path.lexists(directory + part):
            found.await_in(place, part)
            return []
        return [directory + part]
    found.await_in(place, part)
    try:
        names = [path.name for path in Path(place).iterdir() if _is_text(path.name)]
    except OSError:  # not a directory, not readable, gone: nothing in it now
        return []
    is_hidden = part.startswith(".")
    return [directory + name for name in sorted(matching(names, part)) if is_hidden or name[0] != "."]


def _is_text(name: str) -> bool:
    """Whether a name can be written down in a cursor; others cannot be meant by a configuration either."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
