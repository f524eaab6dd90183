"""Text with tags, as fail2ban's actions have them: `<ip>`, `<time>`, `<F-USER>` of a failure.

Tags that are none stay; fields that a failure does not have are empty.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from banish.compat.tags import group_of
from banish.core.config import JailConfig
from banish.core.model import FOREVER
from banish.core.subject import Address, address_of, network_of
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure, literals
from banish.faces.fail2ban.names import host_of

_TAG: Final = re.compile(r"<([^ <>]+)>")
_FIELD: Final = re.compile(r"F-([A-Z0-9_-]+)")


def filled(format_: str, failure: Failure, jail: JailConfig) -> Iterator[str]:
    """Yield the text with its tags replaced; once for each line of the failure if it shows single lines."""
    for line in failure.lines if "<msg>" in format_ else failure.lines[-1:]:
        parts = _TAG.split(format_)  # texts and names of tags by turns
        parts[1::2] = [_value(tag, failure, jail, line) for tag in parts[1::2]]
        yield "".join(parts)


def _value(tag: str, failure: Failure, jail: JailConfig, line: Line) -> str:
    if tag == "msg":
        return line.whole
    if tag in _TAGS:
        return _TAGS[tag](failure, jail)
    name = _FIELD.fullmatch(tag)
    if name is None:
        return f"<{tag}>"
    text = failure.text(group_of(name[1]))
    return "" if text == "None" else text


def _address(failure: Failure) -> Address | None:
    """Return the address, or the first one of the network, that a failure came from."""
    text = str(failure.ip)
    network = network_of(text)
    return address_of(text) or (network.network_address if network else None)


def _family(failure: Failure, _jail: JailConfig) -> str:
    address = _address(failure)
    return f"inet{address.version}" if address else "None"


def _reversed(failure: Failure, _jail: JailConfig) -> str:
    """Return the address as DNS writes it, without the domain of reverse lookups."""
    address = _address(failure)
    return address.reverse_pointer.removesuffix("in-addr.arpa").removesuffix("ip6.arpa") if address else ""


def _host(failure: Failure, _jail: JailConfig) -> str:
    return str(host_of(str(failure.ip)))


def _all_fields(failure: Failure, _jail: JailConfig) -> str:
    known = {name: value for name, value in failure.fields.items() if value is not None}
    return f"{{'matches': {failure.text('matches')}, 'failures': 0, {literals(known)[1:]}"


_TAGS: Final[Mapping[str, Callable[[Failure, JailConfig], str]]] = {
    "ip": lambda failure, _: str(failure.ip),
    "fid": lambda failure, _: str(failure.id),
    "family": _family,
    "ip-rev": _reversed,
    "ip-host": _host,
    "time": lambda failure, _: str(failure.at),
    "failures": lambda *_: "0",  # nothing counts failures here
    "bantime": lambda _, jail: "-1" if jail.bantime == FOREVER else f"{jail.bantime:.15g}",
    "bancount": lambda *_: "0",
    "restored": lambda *_: "0",
    "matches": lambda failure, _: "\n".join(line.whole for line in failure.lines),
    "fq-hostname": lambda *_: socket.getfqdn(),
    "sh-hostname": lambda *_: socket.gethostname(),
    "F-*": _all_fields,
    "br": lambda *_: "\n",
    "sp": lambda *_: " ",
}
