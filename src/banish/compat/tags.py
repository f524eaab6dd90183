"""The tags of fail2ban's expressions (`<HOST>`, `<F-USER>`…) become groups of a regular expression.

The names of the groups are part of the contract: they are what a failure's fields are called. The blocks
are tried in the order written and do not validate: `999.1.1.1` matches `<IP4>`; its worth is decided later.
"""

from __future__ import annotations

import re
from typing import Final

from banish.core.config import UseDns
from banish.core.errors import RuleError

_IP4: Final = r"(?:::f{4,6}:)?(?P<ip4>(?:\d{1,3}\.){3}\d{1,3})"
_IP6: Final = r"(?P<ip6>(?:[0-9a-fA-F]{1,4}::?|:){1,7}(?:[0-9a-fA-F]{1,4}|:))"
"""As since fail2ban 1.1, where any colons may be first; before it, `::` alone was no address."""

_DNS: Final = r"(?P<dns>[\w\-.^_]*\w)"
_CIDR: Final = r"(?P<cidr>\d+)"
_ADDR: Final = rf"\[?(?:{_IP4}|{_IP6})\]?"
_SUBNET: Final = rf"\[?(?:{_IP4}|{_IP6})(?:/{_CIDR})?\]?"
_HOST: Final = rf"(?:{_ADDR}|{_DNS})"

_BLOCKS: Final = {
    "HOST": _HOST,
    "ADDR": _ADDR,
    "F-ADDR/": _ADDR,
    "IP4": _IP4,
    "F-IP4/": _IP4,
    "IP6": _IP6,
    "F-IP6/": _IP6,
    "DNS": _DNS,
    "F-DNS/": _DNS,
    "CIDR": _CIDR,
    "F-CIDR/": _CIDR,
    "SUBNET": _SUBNET,
    "F-SUBNET/": _SUBNET,
    "F-ID/": r"(?P<fid>\S+)",
    "F-PORT/": r"(?P<fport>\w+)",
}

_SHORT_GROUPS: Final = {"id": "fid", "port": "fport"}
"""Tags whose group is not called like the tag."""

_TAG: Final = re.compile(r"<(/?[\w-]+/?)>")
_NAMED: Final = re.compile(r"F-([A-Z0-9_-]+)")

_GLOBAL_FLAG: Final = re.compile(r"(?<!\\)((?:\\\\)*)\((?:\?:)?\(\?([a-zA-Z]+)\)")
"""A group that opens with a global flag, which Python takes only at the very start of an expression."""


def group_of(name: str) -> str:
    """Return the group that the tag `<F-NAME>` opens, which is also the name of the field."""
    lower = name.lower()
    return _SHORT_GROUPS.get(lower, lower)


def expand(text: str, usedns: UseDns) -> str:
    """Return the regular expression that `text` means.

    Unknown tags stay as they are. `RuleError` if nothing is left to search for.
    """
    expander = _Expander(usedns)
    regex = _TAG.sub(expander.replace, text)
    if not regex.strip():
        raise RuleError("an empty expression matches every line; write one, or delete the option")
    return _GLOBAL_FLAG.sub(r"\1(?\2:", regex)


class _Expander:
    """One pass over one expression; it remembers which groups are open."""

    def __init__(self, usedns: UseDns) -> None:
        self._usedns = usedns
        self._opened: set[str] = set()
        self._skips = 0

    def replace(self, match: re.Match[str]) -> str:
        tag = match[1]
        if tag == "HOST" and self._usedns is UseDns.NO:
            return _ADDR
        if tag == "SKIPLINES":
            self._skips += 1
            return rf"\n(?P<skiplines{self._skips - 1}>(?:(?:.*\n)*?))"
        block = _BLOCKS.get(tag)
        return block if block is not None else self._named(tag, match[0])

    def _named(self, tag: str, otherwise: str) -> str:
        if named := _NAMED.fullmatch(tag):
            self._opened.add(named[1])
            return f"(?P<{group_of(named[1])}>"
        if (named := _NAMED.fullmatch(tag.removeprefix("/"))) and named[1] in self._opened:
            return ")"
        return otherwise
