"""What fail2ban's clients ask of the daemon as a whole: its log, its database, its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from banish.compat import values
from banish.compat.commands.faults import refused, wrong
from banish.compat.frames import Value
from banish.compat.loglines import NUMBERS
from banish.core.config import ServerConfig
from banish.core.model import Seconds
from banish.daemon.journaling import Journaling

_OF_LOG: Final = frozenset({"loglevel", "logtarget"})


class Household:
    """The settings of the server, of which some can be changed while it runs."""

    def __init__(
        self,
        server: ServerConfig,
        log: Journaling,
        stop: Callable[[], None],
        files: Callable[[str], list[str]],
        bound: Callable[[Seconds, int], None],
    ) -> None:
        """`stop` begins to stop; `files` are those that a jail reads.

        `bound` limits the database: for how long a ban that is over is kept, and how many failures of a ban.
        """
        self._server = server
        self._log = log
        self._stop = stop
        self.files = files
        self._bound = bound

    def get(self, name: str) -> Value:
        """Return a setting as it is now."""
        match name:
            case "loglevel":
                return self._log.level.upper()
            case "logtarget":
                return self._log.target
            case "syslogsocket":
                return self._server.syslogsocket
            case "dbfile":
                return self._server.dbfile
            case "dbmaxmatches":
                return self._server.dbmaxmatches if self._server.dbfile else None
            case "dbpurgeage":
                return int(self._server.dbpurgeage) if self._server.dbfile else None
            case "allowipv6":
                return self._server.allowipv6
            case _:
                return {"stacksize": 0}

    def set(self, name: str, value: str) -> None:
        """Change a setting; `CommandError` if that is not possible while it runs."""
        if name == "loglevel":
            if not value.isdecimal() and value.upper() not in NUMBERS:
                raise wrong(f"Invalid log level {value!r}")
            self._log.change(level=value)
        elif name == "logtarget":
            if not self._log.change(target=value):
                raise refused("Failed to change log target")
        elif name in {"dbmaxmatches", "dbpurgeage"} and self._server.dbfile:
            if name == "dbpurgeage":
                self._server = replace(self._server, dbpurgeage=values.seconds(value))
            else:
                self._server = replace(self._server, dbmaxmatches=values.whole(value))
            self._bound(self._server.dbpurgeage, self._server.dbmaxmatches)
        elif value != str(self.get(name)):
            text = f"{name} is changed in fail2ban.local or banish.conf, and taken over by a restart"
            raise refused(text)

    def flush(self) -> str:
        """Open the log anew."""
        return self._log.flush()

    def stop(self) -> None:
        """Begin to stop."""
        self._stop()
