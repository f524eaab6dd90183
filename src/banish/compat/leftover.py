"""Tags that should have been replaced and were not: their text is now part of what is searched for.

Not every word in angle brackets is a tag, log lines have some of their own. A tag is what is called like an
option of the filter, or nearly (`<_also-foo>` beside `_also-normal`), or like one of the tags for addresses.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from banish.compat.tags import expand
from banish.core.config import UseDns

_TAG = re.compile(r"(?<!\(\?P)<(/?[\w-]+/?)>")


def leftover(text: str, options: Collection[str]) -> str:
    """Say what is wrong with the first tag that is left in a value; empty if there is none.

    `options` are the names of all options of the filter. Groups of a regular expression are no tags.
    """
    left = expand(text, UseDns.WARN) if text.strip() else ""
    return next((doubt for match in _TAG.finditer(left) if (doubt := _doubt(match[1], options))), "")


def _doubt(name: str, options: Collection[str]) -> str:
    stem, _, choice = name.rpartition("-")
    choices = sorted(option.removeprefix(f"{stem}-") for option in options if option.startswith(f"{stem}-"))
    if name.lower() in options:
        return f"<{name}> becomes an option of that name only in the filter's own file; write its value"
    if stem and choices:
        return f'<{name}> was not replaced: there is no "{choice}"; choose one of {", ".join(choices)}'
    if name.startswith("_"):
        return f"<{name}> was not replaced, as the filter has no such option; correct the name"
    tag = f"<{name.upper()}>"
    if expand(tag, UseDns.WARN) != tag:
        return f"<{name}> is searched for as it stands; did you mean {tag}?"
    if name.startswith(("F-", "/F-")):
        bare = name.strip("/")
        return f"<{name}> is searched for as it stands; write <{bare}>…</{bare}> around what it is to hold"
    return ""
