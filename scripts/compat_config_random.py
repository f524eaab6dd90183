"""Trees made by chance for `compat_config.py`: layers, includes, references and tags in all combinations.

Every tree has one jail and one filter: a mistake that costs the original everything then costs us the same.
Conditional options and arguments have different names, since it changed after release 1.1.0 how they meet.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

_NAMES = ("a", "b", "c", "d")
_LITERALS = ("x", "y z", "^1", "<HOST>", "(?P<c>v)", "#n", "w ; cut", "p;q", "e=f", "[r]", "", "'s'", '"')
_NUMBERS = ("1", "2", "33", " 4 ")
_CALLS = (
    "f",
    "f[a=1]",
    'f[b="u, v", a=<c>]',
    "f[a=%(b)s]",
    'f[c="p|<known/c>"][b=]',
    "f[a='<b>', b=<c>]",
    "f[failregex='<a>|<d>']",
)
_GAPS = ("", " ", "|", "\n  ", "\n\n\t", "\n# note\n ")


class _Author:
    """Writes one tree."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def tree(self) -> Mapping[str, str]:
        """Write it: what must be there, defaults for every name, and layers over both."""
        files = {
            "jail.conf": self._includes(
                "i", f"[j]\nenabled = yes\nfilter = {self._one(_CALLS)}\n{self._jail()}"
            ),
            "filter.d/f.conf": self._includes("g", f"[Definition]\n{self._filter()}{self._conditions()}"),
        }
        places = ("jail.local", "jail.d/m.conf", "jail.d/n.conf", "jail.d/n.local", "i.conf", "i.local")
        files |= {place: self._sections(self._jail, ("DEFAULT", "j", "k-l")) for place in self._some(places)}
        filters = ("filter.d/f.local", "filter.d/f.d/o.conf", "filter.d/g.conf", "filter.d/g.local")
        headers = ("DEFAULT", "Definition", "Init", "s-t")
        return files | {place: self._sections(self._filter, headers) for place in self._some(filters)}

    def _includes(self, name: str, rest: str) -> str:
        numbers = "maxretry = 6\nfindtime = 7\n"
        defaults = "".join(f"{each} = {self._one(_LITERALS)}\n" for each in _NAMES)
        which: Sequence[str] = (
            "",
            "",
            f"before = {name}.conf",
            f"after = {name}.local",
            f"before = %(n)s\nn = {name}.conf",
        )
        elsewhere = "".join(f"[{section}]\na = {self._text()}\n" for section in ("k-l", "s-t"))
        return f"[INCLUDES]\n{self._one(which)}\n[DEFAULT]\n{numbers}{defaults}{elsewhere}{rest}"

    def _conditions(self) -> str:
        return (
            f"[Init]\nd = {self._text()}\n[Init?family=inet6]\nd = {self._text()}\n"
            * self._chance.randint(0, 1)
        )

    def _sections(self, options: Callable[[], str], headers: Sequence[str]) -> str:
        return "".join(f"[{header}]\n{options()}" for header in self._some(headers))

    def _jail(self) -> str:
        said = [f"{name} = {self._number()}" for name in self._some(("maxretry", "findtime", "maxmatches"))]
        texts = ("failregex", "ignoreregex", "ignorecommand", "datepattern", *_NAMES)
        return "\n".join([*said, *(f"{name} = {self._text()}" for name in self._some(texts))]) + "\n"

    def _filter(self) -> str:
        names = self._some(("failregex", "ignoreregex", "prefregex", "datepattern", *_NAMES))
        return "".join(f"{self._case(name)}{self._one((' = ', ': ', '='))}{self._text()}\n" for name in names)

    def _case(self, name: str) -> str:
        return self._one((name, name, name.upper(), name.title()))

    def _number(self) -> str:
        references = ("%(maxretry)s", "%(known/findtime)s", "5%(k-l/maxretry)s", "%(default/maxretry)s")
        return self._one((*_NUMBERS, *references))

    def _text(self) -> str:
        return self._one(_GAPS).join(self._piece() for _ in range(self._chance.randint(0, 3)))

    def _piece(self) -> str:
        if self._chance.random() < 0.6:
            return self._one(_LITERALS)
        name, other = self._one(_NAMES), self._one((*_NAMES, "failregex", "maxretry"))
        references = (f"%({name})s", f"%({name.upper()})s", "%(__name__)s", "100%%", f"%(known/{other})s")
        elsewhere = (f"%(default/{name})s", f"%(k-l/{name})s", f"%(s-t/{name})s")
        tags = (f"<{name}>", f"<{name.upper()}>", f"<known/{other}>", f"<s-t/{name}>", f"<default/{name}>")
        odd = (f"<<{name}>>", f"<{name}?family=inet6>", "<logtype>", "<maxretry>", f"<x-<{name}>>")
        return self._one(references + elsewhere[: self._chance.randint(0, 3)] + tags * 2 + odd)

    def _some(self, choices: Sequence[str]) -> list[str]:
        return [choice for choice in choices if self._chance.random() < 0.4]

    def _one(self, choices: Sequence[str]) -> str:
        return self._chance.choice(choices)


def random_tree(seed: int) -> Mapping[str, str]:
    """Return the tree of this number: path → text."""
    return _Author(seed).tree()
