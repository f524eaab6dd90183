"""The setting `logtarget`: where fail2ban's log lines go, and in brackets how they are laid out.

Source: jail.conf(5) and fail2ban.conf: `SYSLOG[facility=local3, padding=on]`, `/var/log/x.log[datetime=off]`,
and `format`, which is one of Python's logging formats. What is no option is passed over, as fail2ban does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Final, TypeAlias

from banish.compat import optionlist
from banish.compat.loglines import INFO, LogLine, head, layout, stamp
from banish.compat.values import flag
from banish.core.errors import ConfigError
from banish.core.model import Instant

Layout: TypeAlias = "Callable[[LogLine, Instant, tzinfo, int], str]"
"""(line, time, zone, process id) → what is written."""

STREAMS: Final = ("STDOUT", "STDERR", "SYSOUT", "INHERITED")
SYSLOG: Final = "SYSLOG"
JOURNAL: Final = "SYSTEMD-JOURNAL"

_WITHOUT_TIME: Final = frozenset({"SYSOUT", SYSLOG, JOURNAL})  # whoever reads it adds the time
_WITHOUT_PADDING: Final = frozenset({SYSLOG, JOURNAL})
_LONGEST: Final = 10_000  # characters of a line of which the text is one word


@dataclass(frozen=True, slots=True)
class LogTarget:
    """One of the names above, or the path of a file; and how lines look there."""

    name: str
    layout: Layout
    facility: str = "DAEMON"

    @property
    def kind(self) -> str:
        """The name in capitals; empty for a file."""
        name = self.name.upper()
        return name if name in {*STREAMS, SYSLOG, JOURNAL} else ""


def read(text: str) -> LogTarget:
    """Read a target; a `ConfigError` says what is wrong with it."""
    item = optionlist.parse(text.strip())
    name = item.name.strip()
    if LogTarget(name, layout).kind == "" and not name.startswith("/"):
        names = ", ".join((*STREAMS, SYSLOG, JOURNAL))
        raise ConfigError(f'no such target "{name}"; write one of {names}, or a path that begins with "/"')
    return LogTarget(name, _layout(name.upper(), item.options), item.options.get("facility", "DAEMON"))


def _layout(kind: str, options: dict[str, str]) -> Layout:
    if "format" in options:
        return _formatted(options["format"])
    has_time = flag(options["datetime"]) if "datetime" in options else kind not in _WITHOUT_TIME
    is_padded = flag(options["padding"]) if "padding" in options else kind not in _WITHOUT_PADDING
    speaks = kind != JOURNAL  # there, who speaks is a field of its own

    def laid_out(line: LogLine, at: Instant, zone: tzinfo, pid: int) -> str:
        when = f"{stamp(at, zone)} " if has_time else ""
        return f"{when}{head(line.module if speaks else '', line.level, pid, is_padded=is_padded)}{line.text}"

    return laid_out


def _formatted(form: str) -> Layout:
    def laid_out(line: LogLine, at: Instant, zone: tzinfo, pid: int) -> str:
        return form % _record(line, at, zone, pid)

    try:
        sample = laid_out(LogLine("server", INFO, "text"), Instant(0), UTC, 1)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise ConfigError(
            f'format="{form}": {error}; write for instance "%(asctime)s %(message)s"'
        ) from error
    if len(sample) > _LONGEST:
        raise ConfigError(f'format="{form}": makes lines of {len(sample)} characters; write smaller widths')
    return laid_out


def _record(line: LogLine, at: Instant, zone: tzinfo, pid: int) -> dict[str, str | int | float]:
    """Return what a format may name. Source: Python's documentation of logging, LogRecord attributes."""
    return {
        "asctime": stamp(at, zone),
        "created": at,
        "msecs": at % 1 * 1000,
        "name": f"fail2ban.{line.module}",
        "module": line.module,
        "levelname": line.level.name,
        "levelno": line.level.number,
        "message": line.text,
        "process": pid,
        "processName": "MainProcess",
        "thread": pid,
        "threadName": "MainThread",
    }
