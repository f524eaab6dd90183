"""The tags that stand for what is known of a failure: `<ip>`, `<F-USER>`, … in commands and keys.

Values come from logs, which attackers help to write. In a command, a value that holds anything the shell
could read is not put in: it is handed over as a parameter, and a variable stands where the tag was.
Source of names and of the characters: fail2ban's jail.conf(5) and runs of the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final

from banish.compat.tags import group_of
from banish.core.identity import address_in
from banish.core.model import Hit, Subject
from banish.core.subject import address_of, family_of

_TAG: Final = re.compile(r"<([^\s<>]+)>")
_SPECIAL: Final = re.compile(r"""[\\#&;`|*?~<>^()\[\]{}$'"\n\r\0]""")
_WORD: Final = re.compile(r"\W")
LONGEST: Final = 4096  # characters of a value; the kernel takes 128 KiB in all


def value_of(tag: str, hit: Hit) -> str | None:
    """Return what a tag stands for; nothing for a tag that says nothing of a failure.

    A field that the failure does not have is empty.
    """
    if tag.startswith("F-"):
        value = hit.fields.get(group_of(tag[2:]), "")
        return value if isinstance(value, str) else str(value)
    known = _VALUES.get(tag)
    return known(hit) if known is not None else None


def _address(hit: Hit) -> Subject:
    """Return the address of who is known by another name; that name if there is none."""
    if address_of(hit.subject) is not None:
        return hit.subject
    return Subject(address_in(hit.fields) or hit.subject)


def _family(hit: Hit) -> str:
    family = family_of(_address(hit))
    return "None" if family is None else f"inet{family}"


def reversed_of(subject: str) -> str:
    """Return an address as the domain name system turns it round, with a dot at the end."""
    if address_of(subject) is None:
        return ""
    return ip_address(subject).reverse_pointer.rpartition(".ip" if ":" in subject else ".in-addr")[0] + "."


_VALUES: Final[Mapping[str, Callable[[Hit], str]]] = {
    "ip": _address,
    "fid": lambda hit: hit.subject,
    "family": _family,
    "ip-rev": lambda hit: reversed_of(_address(hit)),
    "failures": lambda _: "1",
    "time": lambda hit: str(hit.at),
    "matches": lambda hit: "\n".join(hit.lines),
    "jail.name": lambda hit: hit.jail,
    "br": lambda _: "\n",
    "sp": lambda _: " ",
}


def tags_in(text: str) -> list[str]:
    """Return the tags of a text, in order."""
    return _TAG.findall(text)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with tags in it, as a function of the failure; the values are put in as they are."""

    text: str

    def __call__(self, hit: Hit) -> str:
        """Return the text with the values of this failure."""

        def put_in(tag: re.Match[str]) -> str:
            value = value_of(tag[1], hit)
            return tag[0] if value is None else value[:LONGEST]

        return _TAG.sub(put_in, self.text)


def shell_words(command: str, hit: Hit) -> Sequence[str]:
    """Return what follows `sh -c`: the script, and its parameters from `$0` on."""
    return shell_script(command, lambda tag: value_of(tag, hit))


def shell_script(command: str, value_of: Callable[[str], str | None]) -> Sequence[str]:
    """Return what follows `sh -c`, with the values of tags put in or handed over; others stay."""
    parameters: dict[str, str] = {}

    def put_in(tag: re.Match[str]) -> str:
        value = value_of(tag[1])
        if value is None:
            return tag[0]
        if tag[1] in {"br", "sp"} or not _SPECIAL.search(value):
            return value
        name = "f2bV_" + (f"F_{group_of(tag[1][2:])}" if tag[1].startswith("F-") else tag[1])
        name = _WORD.sub("_", name)
        parameters[name] = value[:LONGEST].replace("\0", "")
        return f"${name}"

    script = _TAG.sub(put_in, command)
    if not parameters:
        return (script,)
    given = " ".join(f"{name}=${{{number}}}" for number, name in enumerate(parameters))
    return f"{given} \n{script}", *parameters.values()
