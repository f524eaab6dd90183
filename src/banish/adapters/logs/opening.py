"""From the text of `logtarget` to the log that it means."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from banish.adapters.logs import journald, syslogd
from banish.adapters.logs.file import FileLog
from banish.adapters.logs.journald import JournalLog
from banish.adapters.logs.sinks import Sink
from banish.adapters.logs.stream import STREAMS, stream_log
from banish.adapters.logs.syslogd import SyslogLog
from banish.compat.logtarget import JOURNAL, SYSLOG, LogTarget, read
from banish.core.errors import ConfigError


def open_log(text: str, zone: tzinfo, loglevel: str, syslogsocket: str = "auto") -> Sink:
    """Open a target; `ConfigError` if there is none of that name, or if it cannot be opened."""
    target = read(text)
    kind = target.kind
    if kind in STREAMS:
        return stream_log(kind, zone, loglevel, target.layout)
    path = _path(target, syslogsocket)
    try:
        if kind == SYSLOG:
            return SyslogLog(target, zone, loglevel, path)
        if kind == JOURNAL:
            return JournalLog(target.layout, zone, loglevel, path)
        return FileLog(path, zone, loglevel, target.layout)
    except OSError as error:
        reason = error.strerror or str(error)
        where = f"{target.name} ({path})" if kind else target.name
        raise ConfigError(f"logtarget {where}: {reason}; {_cure(kind)}") from error


def _path(target: LogTarget, syslogsocket: str) -> Path:
    if target.kind == JOURNAL:
        return journald.USUAL
    if target.kind == SYSLOG:
        return syslogd.USUAL if syslogsocket == "auto" else Path(syslogsocket)
    return Path(target.name)


def _cure(kind: str) -> str:
    if kind == SYSLOG:
        return "start a system logger, or say with syslogsocket where it listens"
    if kind == JOURNAL:
        return "there is no systemd here; choose another target"
    return "name a file in a directory that is there, which may be written"
