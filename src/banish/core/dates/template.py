"""A template: a compiled expression whose group 1 is the text of a date, and the way to read it.

Only this module knows how the bare expression of a date gets its boundaries.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from banish.core.dates.clock import Clock
from banish.core.model import Instant

Reader: TypeAlias = "Callable[[re.Match[str], Clock, Instant], Instant | None]"
"""Reads a match, in the light of the clock and of the present; absent: no such time exists. Never raises."""

UNBOUND = "{UNB}"
LINE_BEGIN = "{^LN-BEG}"

_FLAGS = re.compile(r"\(\?([aiLmsux]+)\)")
_OWN_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_DOLLAR = re.compile(r"(?<!\\)\$\Z")

_OPENERS = r"(?:\((?:\?(?:[a-z-]*:|P<\w+>))?)*"
_BOUND_LEFT = re.compile(rf"{_OPENERS}\^|\(*\*\*")
_BOUND_RIGHT = re.compile(r"(?:(?<!\\)\$\)?|\\b|\\s|\*\*\)*)\Z")
_FREE_LEFT = re.compile(r"^(\(*)\*\*")
_FREE_RIGHT = re.compile(r"\*\*(\)*)\Z")
_BEGINS = re.compile(r"\(?\^(?!\|)")  # one group deep, as in the fail2ban engine
_ENDS = re.compile(r"(?<!\\)\$\)?\Z")

# Boundaries by prefix. Left: not inside a word, said in the way that is quickest to search for; at the start
# of a line a bracket or two may come first, and stay in the line.
_LEFT = {"": r"(?!(?<=\w)\w)", LINE_BEGIN: r"^\W{0,2}", UNBOUND: ""}
_RIGHT = {"": r"(?=\b|\W|$)", LINE_BEGIN: r"(?=\b|\W|$)", UNBOUND: ""}


@dataclass(frozen=True, slots=True)
class Template:
    """`begins`: matches at the start of a line only; `is_anchored`: at the start or at the end only.

    `weight` is what its hits count in the competition of templates. `pattern` is what the operator would
    write for it; empty for those that have a name only. `bare` is the expression without the boundaries that
    were added, and without its flags.
    """

    name: str
    regex: re.Pattern[str]
    read: Reader
    begins: bool
    is_anchored: bool
    weight: int = 1
    pattern: str = ""
    bare: str = ""


def build(regex: str, name: str, read: Reader, flags: str = "", weight: int = 1) -> Template:
    """Make a template: add boundaries, and group 1 around all if `regex` has no plain group of its own.

    With `UNBOUND` before it a regex gets no boundaries; with `LINE_BEGIN` it matches only at the start of
    a line, after up to two characters that are not of words. `**` at an end switches off that boundary.
    `name` is the regex as it is shown. What is no regular expression is a `re.error`; one whose only
    parenthesis is in a set captures nothing, a `ValueError`.
    """
    prefix = next((known for known in (UNBOUND, LINE_BEGIN) if regex.startswith(known)), "")
    body = regex.removeprefix(prefix).rstrip()
    if not flags:  # `{UNB} %b`, which gets some, wants a blank, and `{UNB} %Y` does not, as in fail2ban 1.1
        body = body.lstrip()
    flags += "".join(_FLAGS.findall(body))
    body = _FLAGS.sub("", body)
    left = "" if _BOUND_LEFT.match(body) else _LEFT[prefix]
    right = "" if _BOUND_RIGHT.search(body) else _RIGHT[prefix]
    body = _enclosed(_FREE_RIGHT.sub(r"\1", _FREE_LEFT.sub(r"\1", body)))
    begins = bool(_BEGINS.match(left + body))
    compiled = re.compile(_in_front(flags) + left + body + right)
    if not compiled.groups:
        raise ValueError("nothing to cut out; put the date in parentheses")
    return Template(
        name=(prefix if prefix == LINE_BEGIN and left else "") + name.removeprefix(prefix),
        regex=compiled,
        read=read,
        begins=begins,
        is_anchored=begins or bool(_ENDS.search(body)),
        weight=weight,
        bare=body,
    )


def _enclosed(body: str) -> str:
    """Put all between `^` and `$` into group 1 if there is no group; a parenthesis in a set counts as one."""
    if _OWN_GROUP.search(body):
        return body
    start = "^" if body.startswith("^") else ""
    end = "$" if _DOLLAR.search(body) else ""
    return f"{start}({body[len(start) : len(body) - len(end)]}){end}"


def _in_front(flags: str) -> str:
    return f"(?{''.join(sorted(set(flags)))})" if flags else ""
