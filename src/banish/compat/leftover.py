"""Tags that should have been replaced and were not: their text is now part of what is searched for.

Not every word in angle brackets is a tag, log lines have some of their own. A tag is what begins like one of
the filter's own options (`<_also-foo>` beside `_also-normal`), and what is spelled like a tag of ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from banish.compat.tags import NAMES
from banish.compat.text import Spot

_TAG = re.compile(r"(?<!\(\?P)<(/?)([\w/-]+?)(/?)>")


def leftovers(lines: Iterable[tuple[str, Spot]], options: Collection[str]) -> Iterator[tuple[str, Spot, str]]:
    """Yield the line, its spot, and what is wrong; `options` are all options of the filter."""
    for line, spot in lines:
        for match in _TAG.finditer(line):
            text = _doubt(match[0], match[2], options)
            if text:
                yield line, spot, text
                break


def _doubt(tag: str, name: str, options: Collection[str]) -> str:
    stem, dash, choice = name.rpartition("-")
    others = sorted(option.removeprefix(f"{stem}-") for option in options if option.startswith(f"{stem}-"))
    if dash and stem and others:
        return f"{tag} was not replaced: there is no {choice}; choose one of {', '.join(others)}"
    if name.startswith("_"):
        return f"{tag} was not replaced, as the filter has no option {name}; correct the name"
    meant = next((each for each in NAMES if each.lower() == name.lower() and each != name), None)
    if meant:
        return f"{tag} is searched for as it stands; did you mean <{meant}>?"
    return ""
