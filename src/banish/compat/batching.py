"""Many commands of one action as one, where their own text allows for it: `nft`, `iptables`, `ipset`.

What comes of it has the effect of the single commands in their order, or fails and may be followed by them.
Source: nft(8), iptables-restore(8), ipset(8).
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from typing import Final

MOST: Final = 200  # commands in one: some 20 KB, of the 128 KiB that the kernel takes as one word

_PLAIN: Final = r"[\w./:,@%+ -]"  # nothing that a shell would read
_ELEMENT: Final = re.compile(rf"({_PLAIN}*nft (?:add|delete) element {_PLAIN}+)\\\{{ ({_PLAIN}+) \\\}}")
_RULE: Final = re.compile(
    rf"(?P<tool>(?:/{_PLAIN}*)?ip6?tables)(?P<wait> -w(?: \d+)?)?(?: -t (?P<table>\w+))?"
    rf"(?P<rule> -[AID] {_PLAIN}+)"
)
_MEMBER: Final = re.compile(rf"(?P<tool>(?:/{_PLAIN}*)?ipset)(?P<words>(?: -exist)? (?:add|del) {_PLAIN}+)")


def joined(scripts: Sequence[str]) -> str | None:
    """Return one script in place of several, or nothing if their text does not allow for it."""
    texts = [script.strip() for script in scripts]
    for join in (_elements, _rules, _members):
        if (script := join(texts)) is not None:
            return script
    return None


def _all(
    pattern: re.Pattern[str], texts: Sequence[str], key: Callable[[re.Match[str]], object]
) -> list[re.Match[str]]:
    """Return how a pattern matches the texts, if it matches all of them with the same key."""
    found = [match for text in texts if (match := pattern.fullmatch(text))]
    return found if len(found) == len(texts) and len({key(match) for match in found}) == 1 else []


def _elements(texts: Sequence[str]) -> str | None:
    found = _all(_ELEMENT, texts, lambda match: match[1])
    return f"{found[0][1]}\\{{ {', '.join(match[2] for match in found)} \\}}" if found else None


def _rules(texts: Sequence[str]) -> str | None:
    found = _all(_RULE, texts, lambda match: (match["tool"], match["wait"], match["table"]))
    if not found:
        return None
    first = found[0]
    lines = [f"*{first['table'] or 'filter'}", *(match["rule"].strip() for match in found), "COMMIT"]
    return _fed(lines, f"{first['tool']}-restore --noflush{first['wait'] or ''}")


def _members(texts: Sequence[str]) -> str | None:
    found = _all(_MEMBER, texts, lambda match: match["tool"])
    if not found or any("-exist" not in match["words"].split() for match in found):
        return None  # where it matters whether somebody is a member already, each is a matter of its own
    lines = [" ".join(word for word in match["words"].split() if word != "-exist") for match in found]
    return _fed(lines, f"{found[0]['tool']} -exist restore")


def _fed(lines: Sequence[str], command: str) -> str:
    return f"printf '%s\\n' {' '.join(map(shlex.quote, lines))} | {command}"
