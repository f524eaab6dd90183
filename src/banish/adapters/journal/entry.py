"""An entry of the journal as a line that syslog might have written. Source: systemd.journal-fields(7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from banish.core.model import Instant

FIELDS: Final = (
    *("MESSAGE", "_HOSTNAME", "SYSLOG_IDENTIFIER", "_COMM", "SYSLOG_PID", "_PID"),
    "_SOURCE_REALTIME_TIMESTAMP",
)
"""What is needed of an entry, besides what every entry has."""

_MICROSECOND: Final = 1_000_000


def microseconds_of(fields: Mapping[str, object]) -> int:
    """Return when something happened, in microseconds since 1970; when it was written, if it does not say."""
    return int(_text_of(fields, "_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP") or 0)


def time_of(fields: Mapping[str, object]) -> Instant:
    """Return when something happened."""
    return Instant(microseconds_of(fields) / _MICROSECOND)


def text_of(fields: Mapping[str, object]) -> str:
    """Return host, program with its number, and message; line feeds of the message as two characters."""
    name = _text_of(fields, "SYSLOG_IDENTIFIER", "_COMM")
    number = _text_of(fields, "SYSLOG_PID", "_PID") if name else ""
    tag = f"{name}[{number}]:" if number else f"{name}:" if name else ""
    if tag == "kernel:":
        tag += f" [{int(_text_of(fields, '__MONOTONIC_TIMESTAMP') or 0) / _MICROSECOND:12.6f}]"
    message = _text_of(fields, "MESSAGE").replace("\n", "\\n")
    return " ".join(filter(None, (_text_of(fields, "_HOSTNAME"), tag, message)))


def _text_of(fields: Mapping[str, object], *names: str) -> str:
    return next((found for name in names if (found := _text(fields.get(name)))), "")


def _text(value: object) -> str:
    """Return the text of a field: a string, bytes as a list of numbers, or several of these."""
    if isinstance(value, str):
        return value
    if not isinstance(value, list):
        return ""
    if value and all(isinstance(part, int) for part in value):
        return bytes(value).decode("utf-8", "replace")
    return " ".join(map(_text, value))
