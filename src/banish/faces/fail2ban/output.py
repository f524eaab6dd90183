"""What `-o` prints of a failure: an identifier, its lines, a row for programs, a field, or text with tags."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

from banish.core.config import JailConfig
from banish.core.model import Instant
from banish.faces.fail2ban.failures import Failure, dated, literals
from banish.faces.fail2ban.tagged import filled

Printer: TypeAlias = "Callable[[Failure], Iterator[str]]"


def printer(format_: str, jail: JailConfig, now: Instant) -> Printer:
    """Return what prints failures in a format; tags see a failure without a date as one of `now`."""
    if "<" in format_:
        return lambda failure: filled(format_, dated(failure, now), jail)
    return _WORDS.get(format_) or (lambda failure: iter([failure.text(format_)]))


def _id(failure: Failure) -> Iterator[str]:
    yield str(failure.id)


def _ip(failure: Failure) -> Iterator[str]:
    yield str(failure.ip)


def _messages(failure: Failure) -> Iterator[str]:
    yield from (line.whole for line in failure.lines)


def _row(failure: Failure) -> Iterator[str]:
    yield f"[{failure.id!r},\t{failure.at!r},\t{literals(failure.fields)}],"


_WORDS: Final[Mapping[str, Printer]] = {"id": _id, "fid": _id, "ip": _ip, "msg": _messages, "row": _row}
