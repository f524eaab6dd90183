"""How the readers see a tree of configuration files, without touching a disk.

A path is relative to the root of the configuration, absolute, or begins with `./` for the directory of the
reading process. All paths use `/` and are kept short: no `..` where it can be resolved, no double slashes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Files(Protocol):
    """A tree of text files."""

    def text(self, path: str) -> str | None:
        """Return the text of a file; `None` if there is none. One that cannot be read is a `ConfigError`."""
        ...

    def names(self, folder: str) -> Sequence[str]:
        """Return the names in a folder, in any order; none if there is no such folder."""
        ...


class MemoryFiles:
    """Files that exist only here: path → text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {normal(path): text for path, text in texts.items()}

    def text(self, path: str) -> str | None:
        """As in `Files`."""
        return self._texts.get(normal(path))

    def names(self, folder: str) -> Sequence[str]:
        """As in `Files`."""
        prefix = normal(folder) + "/"
        below = (path[len(prefix) :] for path in self._texts if path.startswith(prefix))
        return sorted({rest.split("/")[0] for rest in below})


class Overlay:
    """One tree on top of another: a file of the upper one replaces the lower one of the same path."""

    def __init__(self, upper: Files, lower: Files) -> None:
        self._upper = upper
        self._lower = lower

    def text(self, path: str) -> str | None:
        """As in `Files`."""
        text = self._upper.text(path)
        return text if text is not None else self._lower.text(path)

    def names(self, folder: str) -> Sequence[str]:
        """As in `Files`."""
        return sorted({*self._upper.names(folder), *self._lower.names(folder)})


def normal(path: str) -> str:
    """Return the one spelling of a path: `a//b/./c/../d` is `a/b/d`; a leading `./` stays."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    start = "/" if path.startswith("/") else "./" if path.startswith("./") else ""
    return start + "/".join(parts)


def beside(path: str, other: str) -> str:
    """Where `other` is if it was written in the file at `path`."""
    if other.startswith("/"):
        return normal(other)
    folder, slash, _ = path.rpartition("/")
    return normal(folder + slash + other)


def stem(path: str) -> str:
    """Return the path without its extension: `filter.d/sshd.conf` is `filter.d/sshd`."""
    folder, slash, name = path.rpartition("/")
    base, dot, _ = name.rpartition(".")
    return folder + slash + (base if dot and base else name)
