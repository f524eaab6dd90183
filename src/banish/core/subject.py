"""Addresses and other identifiers: parse, compare, contain.

A subject is text in canonical form, so that equal subjects are equal texts. Only what reads as an address or
a network in the strict notation becomes one; everything else stays the text it is.
Source: RFC 4291 and RFC 5952 for the text of IPv6; jail.conf(5) for what `ignoreip` takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, NamedTuple, TypeAlias

from banish.core.errors import ConfigError
from banish.core.model import Subject

Address: TypeAlias = "IPv4Address | IPv6Address"
Network: TypeAlias = "IPv4Network | IPv6Network"


def parse(text: str) -> Subject:
    """Return the canonical form: `[2001:DB8::1]` → `2001:db8::1`, `10.1.2.3/24` → `10.1.2.0/24`.

    An IPv4 address in IPv6 clothes (`::ffff:1.2.3.4`) becomes the IPv4 address. Text that is no address
    is returned as it is. Never raises.
    """
    address = address_of(text)
    if address is not None:
        return Subject(str(address))
    network = network_of(text)
    if network is None:
        return Subject(text)
    return _of_network(network)


def address_of(text: str) -> Address | None:
    """Return the single address that `text` is, or nothing."""
    if "%" in text:  # an address with a zone names an interface of one machine, not a host
        return None
    bare = text[1:-1] if text[:1] == "[" and text[-1:] == "]" else text
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def network_of(text: str) -> Network | None:
    """Return the network that `text` is, host bits cleared; a single address is a network of one."""
    head, slash, tail = text.partition("/")
    address = address_of(head)
    if address is None or (slash and address.version == 4 and ":" in head):
        return None  # an IPv4 address in IPv6 clothes has no length that would mean the same in both
    bits = tail if slash else str(address.max_prefixlen)
    try:
        return ip_network(f"{address}/{bits}", strict=False)
    except ValueError:
        return None


def strict(text: str) -> Subject:
    """Return the canonical form of an address or a network; `ConfigError` for anything else."""
    network = network_of(text)
    if network is None:
        raise ConfigError(
            f'"{text}" is no address; write for instance 192.0.2.7, 2001:db8::7 or 192.0.2.0/24'
        )
    return _of_network(network)


def family_of(subject: Subject) -> int | None:
    """Return 4 or 6, or nothing for an identifier that is no address."""
    network = network_of(subject)
    return None if network is None else network.version


def within(inner: Subject, outer: Subject) -> bool:
    """Whether every address of `inner` is in `outer`."""
    return AddressSet([outer]).covers(inner)


def _of_network(network: Network) -> Subject:
    single = network.prefixlen == network.max_prefixlen
    return Subject(str(network.network_address if single else network))


_KEPT: Final = 10_000  # answers


class AddressSet:
    """Addresses, networks and texts, asked whether they contain somebody.

    A lookup costs one hash for what is listed itself and, only if there are networks, one per prefix length
    in use, however many entries there are.
    """

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._singles: set[str] = set()
        self._networks: dict[tuple[int, int], dict[int, Subject]] = {}
        self._found: dict[Subject, Subject | None] = {}  # answers that took a search; few ask very often
        for entry in entries:
            self.add(entry)

    def __len__(self) -> int:
        return len(self._singles) + sum(len(numbers) for numbers in self._networks.values())

    def __iter__(self) -> Iterator[Subject]:
        yield from (Subject(text) for text in self._singles)
        for numbers in self._networks.values():
            yield from numbers.values()

    def add(self, entry: str) -> None:
        """Add an address, a network or a text."""
        self._found.clear()
        subject = parse(entry)
        span = _span(subject)
        if span is None or span.is_single:
            self._singles.add(subject)
        else:
            self._networks.setdefault((span.version, span.length), {})[span.number] = subject

    def discard(self, entry: str) -> None:
        """Take out exactly this entry, if it is there."""
        self._found.clear()
        subject = parse(entry)
        span = _span(subject)
        if span is None or span.is_single:
            self._singles.discard(subject)
        else:
            self._networks.get((span.version, span.length), {}).pop(span.number, None)

    def find(self, subject: Subject) -> Subject | None:
        """Return the narrowest entry that contains all of `subject`, which is in canonical form."""
        if subject in self._singles:
            return subject
        if not self._networks:
            return None
        if subject not in self._found:
            if len(self._found) >= _KEPT:
                self._found.clear()
            self._found[subject] = self._search(subject)
        return self._found[subject]

    def _search(self, subject: Subject) -> Subject | None:
        """Return the narrowest network that contains all of a subject."""
        span = _span(subject)
        if span is None:
            return None
        for version, length in sorted(self._networks, reverse=True):
            if version == span.version and length <= span.length:
                shift = _WIDTH[version] - length
                entry = self._networks[version, length].get(span.number >> shift << shift)
                if entry is not None:
                    return entry
        return None

    def covers(self, subject: Subject) -> bool:
        """Whether all of `subject`, which is in canonical form, is contained."""
        return self.find(subject) is not None

    def touches(self, subject: Subject) -> Subject | None:
        """Return an entry that contains `subject` or lies within it: whom would a ban of it hit?"""
        found = self.find(subject)
        if found is not None or "/" not in subject:
            return found
        wide = AddressSet([subject])
        return next((entry for entry in self if wide.covers(entry)), None)


_WIDTH: Final = {4: 32, 6: 128}


class _Span(NamedTuple):
    """A range of addresses as numbers."""

    version: int
    number: int
    length: int

    @property
    def is_single(self) -> bool:
        return self.length == _WIDTH[self.version]


def _span(subject: Subject) -> _Span | None:
    """Return the range of an address or a network; nothing for other identifiers."""
    if "/" in subject:
        network = network_of(subject)
        if network is None:
            return None
        return _Span(network.version, int(network.network_address), network.prefixlen)
    address = address_of(subject)
    return None if address is None else _Span(address.version, int(address), address.max_prefixlen)
