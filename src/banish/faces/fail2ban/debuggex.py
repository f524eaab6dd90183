"""Links that open an expression and a line in the debugger at debuggex.com."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from banish.core.config import Rule
from banish.core.window import Line


def links(lines: Iterable[Line], rules: Iterable[Rule]) -> Iterator[str]:
    """Yield every line with every expression and their link; the date is no part of what is searched."""
    rules = tuple(rules)
    for line in lines:
        for rule in rules:
            query = urlencode({"re": rule.regex, "str": line.searched.strip(), "flavor": "python"})
            yield f"{line.whole} | {rule.text} |  https://www.debuggex.com/?{query}"
