"""The configuration as one frozen value.

Text becomes these values once, at the edge (`compat`). Nothing here knows a file format; `core.settings`
holds the table of names, types, units, defaults and help that the readers, the help and the documents share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, TypeAlias

from banish.core.model import Hit, Seconds

Formula: TypeAlias = "Callable[[float, int, float], float]"
"""(ban time in seconds, number of earlier bans, factor) → ban time in seconds."""

Draw: TypeAlias = "Callable[[], float]"
"""A random number in [0, 1)."""


_IDENTIFIERS: Final = ("<fid>", "_id>", "_id_")
"""In an expression, what captures a name other than an address."""


class UseDns(Enum):
    """What a host name in place of an address means."""

    YES = "yes"
    WARN = "warn"
    NO = "no"
    RAW = "raw"  # every id is text, nothing is parsed or resolved


@dataclass(frozen=True, slots=True)
class Rule:
    """One expression: as the operator wrote it, as the regular expression it means, and where it stands."""

    text: str
    regex: str
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class LogPath:
    """One path or glob pattern to read; `from_end` skips what is there at start ("tail").

    `file` and `line` say where it is written; two that differ in nothing else are the same.
    """

    pattern: str
    from_end: bool = False
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a ban cuts: a protocol ("tcp", "udp", … or "all") and ranges of its ports; no range: all ports.

    Ranges include both ends.
    """

    protocol: str = "all"
    ports: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of a jail's `action`: the name of its file and the arguments in brackets, in order."""

    name: str
    arguments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Script:
    """An action that is run as written: the name under which its jail knows it, and its properties in order.

    Properties are commands (`actionban` …) and the values of the tags in them; `tag?family=inet6` is that of
    a tag for IPv6. With a `module`, the path of a file in Python, they are the arguments of the class in it.
    """

    name: str
    properties: tuple[tuple[str, str], ...] = ()
    module: str = ""

    @property
    def wants_fields(self) -> bool:
        """Whether it is told what the lines of a failure say besides the address."""
        return bool(self.module) or any("<F-" in value for _, value in self.properties)


@dataclass(frozen=True, slots=True)
class Growth:
    """How ban times grow for those who come back. Source: jail.conf(5), bantime.increment and friends."""

    factor: float = 1.0
    formula: Formula | None = None
    multipliers: tuple[int, ...] = ()
    longest: Seconds | None = None
    jitter: Seconds = Seconds(0)
    over_all_jails: bool = False


@dataclass(frozen=True, slots=True)
class IgnoreCache:
    """How long the word of an ignore command is believed, and of how many failures, told apart by a key."""

    key: Callable[[Hit], str]
    most: int = 100
    seconds: Seconds = Seconds(300)


@dataclass(frozen=True, slots=True)
class JailConfig:
    """All about one enabled jail. Times in seconds; `bantime` is `FOREVER` for bans that do not end."""

    name: str
    filter: str = ""
    backend: str = "auto"
    logpaths: tuple[LogPath, ...] = ()
    journalmatch: tuple[str, ...] = ()
    logencoding: str = "auto"
    logtimezone: str = ""
    datepatterns: tuple[str, ...] = ()
    usedns: UseDns = UseDns.WARN
    maxlines: int = 1
    prefregex: Rule | None = None
    failregex: tuple[Rule, ...] = ()
    ignoreregex: tuple[Rule, ...] = ()
    maxretry: int = 3
    maxmatches: int = 5
    findtime: Seconds = Seconds(600)
    bantime: Seconds = Seconds(600)
    growth: Growth | None = None
    ignoreself: bool = True
    ignoreip: tuple[str, ...] = ()
    ignorecommand: str = ""
    ignorecache: IgnoreCache | None = None
    guard: bool = True
    actions: tuple[Action, ...] = ()
    scripts: tuple[Script, ...] = ()  # of these actions, those that are run as written
    scopes: tuple[Scope, ...] = ()  # what native enforcement cuts; empty: this jail's bans are not enforced

    @property
    def reads_journal(self) -> bool:
        """Whether lines come from the journal, and not from files."""
        return self.backend.startswith("systemd")

    @property
    def wants_fields(self) -> bool:
        """Whether anybody asks what lines say besides the address; that takes time and room.

        Who is blamed by a name of his own has his address among these fields, and actions want that.
        """
        if self.ignorecommand or any(script.wants_fields for script in self.scripts):
            return True
        rules = (*self.failregex, *((self.prefregex,) if self.prefregex else ()))
        return bool(self.scripts) and any(group in rule.regex for rule in rules for group in _IDENTIFIERS)


@dataclass(frozen=True, slots=True)
class ServerConfig:
    """All that is not of one jail. `dbfile` is absent where nothing is to be kept over a restart."""

    loglevel: str = "INFO"
    logtarget: str = "STDOUT"
    syslogsocket: str = "auto"
    socket: str = "/run/banish/control.sock"
    readers: str = ""
    pidfile: str = ""
    dbfile: str | None = "/var/lib/banish/banish.sqlite3"
    dbmaxmatches: int = 10
    dbpurgeage: Seconds = Seconds(86400)
    allowipv6: Literal["auto", "yes", "no"] = "auto"
    bans_on_stop: Literal["keep", "remove"] = "keep"
    firewalls: Literal["run", "native"] = "run"
    scanners: int | None = None  # absent: one for each processor; 0: lines are matched in the daemon itself


@dataclass(frozen=True, slots=True)
class Config:
    """Everything Banish was told to do; jails in the order of their first appearance."""

    jails: tuple[JailConfig, ...] = ()
    server: ServerConfig = field(default_factory=ServerConfig)


class Severity(Enum):
    """What a problem costs."""

    ERROR = "error"  # the jail, or the whole, cannot run
    WARNING = "warning"  # it runs, but not as somebody may think


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the configuration: where, what stands there, and what would be right.

    `jail` is the jail that is left out because of it, empty where none is or all are.
    """

    severity: Severity
    text: str
    file: str = ""
    line: int = 0
    section: str = ""
    key: str = ""
    value: str = ""
    jail: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        section = f"[{self.section}]" if self.section else ""
        setting = f'{self.key} = "{_cut(self.value)}"' if self.key else ""
        where = " ".join(part for part in (place, section, setting) if part)
        return f"{where}: {self.text}" if where else self.text


def _cut(value: str) -> str:
    """Cut a value to what fits on a line of a report."""
    one_line = value.replace("\n", "\\n")
    return one_line if len(one_line) <= 80 else one_line[:77] + "..."
