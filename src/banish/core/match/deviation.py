"""The quickest way to see that a template dates all lines: look for lines that differ from one it dates.

The date of a line is varied as far as the template goes along (`varied`), and whatever begins otherwise is
searched for: a regular log has nothing of the kind, and a search without results costs next to nothing.
"""

from __future__ import annotations

from banish.core.dates.template import Template
from banish.core.match.sieve import LineSearch, search_for
from banish.core.regex.charset import EVERYTHING, pick, without
from banish.core.regex.inside import lacking, others, varied
from banish.core.regex.syntax import tree_of
from banish.core.regex.tree import At, Chars, Group, Look, Node, Repeat, Run


def deviations(template: Template, line: str) -> LineSearch | None:
    """Return a search for lines that differ from this one, which the template dates, if there is one.

    What it does not find the template dates; what it finds, it may date nevertheless.
    """
    tree = tree_of(template.regex.pattern, template.regex.flags)
    match = template.regex.search(line)
    items = tree.items if isinstance(tree, Run) else ()
    places = [place for place, item in enumerate(items) if isinstance(item, Group) and item.number == 1]
    if match is None or not places or not all(isinstance(item, Look) for item in items[places[0] + 1 :]):
        return None
    following = line[match.end(1) : match.end(1) + 1] or "\n"
    date = items[places[0]]
    sets = varied(date.item, match[1]) if isinstance(date, Group) else None
    front = _front(items[: places[0]], line[: match.start(1)])
    if sets is None or front is None or following.isalnum() or following == "_":
        return None
    missing, begins = front
    different = f"^{begins}{others([*sets, following])}"
    return search_for(tuple((regex, 0) for regex in (*missing, different)), is_exact=True)


def _front(items: tuple[Node, ...], text: str) -> tuple[tuple[str, ...], str] | None:
    """Return what lines lack that do not come to the date, and what the others have in front of it.

    Known are dates at the very beginning, and dates behind the first character of a kind.
    """
    rest = tuple(item for item in items if not isinstance(item, At))
    if not text and all(isinstance(item, Repeat) and not item.least for item in rest):
        return (), ""
    match rest:
        case (Repeat(Chars(before), 0, None), Chars(mark)):
            sign = pick(mark)
            if without(EVERYTHING, mark) == before and mark and mark & (mark - 1) == 0 and sign.isascii():
                code = f"\\x{ord(sign):02x}"
                return (lacking(code),), f"[^{code}\\n]*{code}"
        case _:
            pass
    return None
