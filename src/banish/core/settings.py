"""The table of settings: what can be said of a jail and of the whole, and what holds if nothing is said.

The one place where a setting is named: it feeds the readers of the configuration, `banish check`, the help
and the documents. `default` is written as an operator would write it; empty means that nothing is set.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """How the text of a value is to be read."""

    FLAG = "yes or no"
    WHOLE = "whole number"
    NUMBER = "number"
    NUMBERS = "whole numbers"
    FORMULA = "formula"
    SPAN = "duration"
    BAN = "duration, -1 for ever"
    TEXT = "text"
    CHOICE = "choice"
    AUTO = "auto or whole number"
    WORDS = "list"
    LINES = "one per line"
    PATHS = "paths, one per line"
    OPTIONS = "key=value, ..."
    RULE = "expression"
    RULES = "expressions, one per line"
    FILTER = "filter"
    ACTIONS = "actions, one per line"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `field` is where it goes in `JailConfig`, `JailConfig.growth` or `ServerConfig`.

    A setting without a field only matters while the configuration is read. `unit` is that of a bare number.
    What is none of the `choices` is an error, unless `otherwise` says what it is taken for. `least` is the
    smallest whole number that makes sense.
    """

    name: str
    kind: Kind
    help: str
    default: str = ""
    field: str = ""
    unit: str = ""
    choices: tuple[str, ...] = ()
    otherwise: str = ""
    least: int | None = None


def _table(*settings: Setting) -> dict[str, Setting]:
    return {setting.name: setting for setting in settings}


_S: Final = Setting
_LEVELS: Final = (
    *("CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO"),
    *("MSG", "DEBUG", "TRACEDEBUG", "HEAVYDEBUG"),
)
_DNS: Final = ("yes", "warn", "no", "raw")

JAIL: Final = _table(
    _S("enabled", Kind.FLAG, "whether the jail runs", "no"),
    _S(
        "filter",
        Kind.FILTER,
        "the filter that knows the lines to look for, with its arguments",
        field="filter",
    ),
    _S("backend", Kind.TEXT, "where lines come from: auto, polling, pyinotify or systemd", "auto", "backend"),
    _S("logpath", Kind.PATHS, "log files or patterns; tail behind one skips what it holds", "", "logpaths"),
    _S("skip_if_nologs", Kind.FLAG, "whether the jail is left out while there is no log file", "no"),
    _S("systemd_if_nologs", Kind.FLAG, "whether backend auto turns to the journal without a log file", "yes"),
    _S("journalmatch", Kind.LINES, "which entries of the journal are read", "", "journalmatch"),
    _S(
        "logencoding", Kind.TEXT, "the encoding of the log; auto is that of the system", "auto", "logencoding"
    ),
    _S("logtimezone", Kind.TEXT, "the zone of dates that name none, such as UTC or +0200", "", "logtimezone"),
    _S("datepattern", Kind.LINES, "how dates are written; without it all common ways", "", "datepatterns"),
    _S(
        "usedns",
        Kind.CHOICE,
        "what is done with names of hosts",
        "warn",
        "usedns",
        choices=_DNS,
        otherwise="no",
    ),
    _S("maxlines", Kind.WHOLE, "how many lines an expression may cover", "1", "maxlines", "lines", least=1),
    _S("prefregex", Kind.RULE, "what all lines of interest have in common; tried first", "", "prefregex"),
    _S("failregex", Kind.RULES, "what a failure looks like", "", "failregex"),
    _S("ignoreregex", Kind.RULES, "what is no failure although it looks like one", "", "ignoreregex"),
    _S("maxretry", Kind.WHOLE, "how many failures lead to a ban", "3", "maxretry", "failures", least=1),
    _S("maxmatches", Kind.WHOLE, "how many lines are kept as evidence", "5", "maxmatches", "lines", least=0),
    _S("findtime", Kind.SPAN, "how long a failure counts", "10m", "findtime", "seconds"),
    _S("bantime", Kind.BAN, "how long a ban lasts; -1 is for ever", "10m", "bantime", "seconds"),
    _S("bantime.increment", Kind.FLAG, "whether those who come back are banned for longer", "no", "growth"),
    _S("bantime.factor", Kind.NUMBER, "how steeply bans grow", "1", "growth.factor"),
    _S("bantime.formula", Kind.FORMULA, "how bans grow with ban.Time and ban.Count", "", "growth.formula"),
    _S("bantime.multipliers", Kind.NUMBERS, "how bans grow, step by step", "", "growth.multipliers"),
    _S("bantime.maxtime", Kind.SPAN, "the longest that a grown ban lasts", "", "growth.longest", "seconds"),
    _S(
        "bantime.rndtime",
        Kind.SPAN,
        "the most that chance adds to a grown ban",
        "",
        "growth.jitter",
        "seconds",
    ),
    _S("bantime.overalljails", Kind.FLAG, "whether bans of all jails count", "no", "growth.over_all_jails"),
    _S("ignoreself", Kind.FLAG, "whether this machine's own addresses are left alone", "yes", "ignoreself"),
    _S("ignoreip", Kind.WORDS, "addresses, networks, names, file:PATH that are never banned", "", "ignoreip"),
    _S("ignorecommand", Kind.TEXT, "a command that says whom not to ban, by status 0", "", "ignorecommand"),
    _S("ignorecache", Kind.OPTIONS, "how long it is believed: key, max-count, max-time", "", "ignorecache"),
    _S("guard", Kind.FLAG, "whether those logged in now, gateways and resolvers are spared", "yes", "guard"),
    _S("action", Kind.ACTIONS, "what is done with whoever is banned", field="actions"),
)
"""Settings of a jail, by name: `jail.conf`, `jail.local`, `jail.d`."""

SERVER: Final = _table(
    _S("loglevel", Kind.CHOICE, "how much is logged", "INFO", "loglevel", choices=_LEVELS),
    _S(
        "logtarget",
        Kind.TEXT,
        "where the log goes: a file, STDOUT, STDERR, SYSTEMD-JOURNAL, SYSLOG",
        "STDOUT",
        "logtarget",
    ),
    _S("syslogsocket", Kind.TEXT, "the socket of syslog; auto is the usual one", "auto", "syslogsocket"),
    _S("socket", Kind.TEXT, "where the server takes commands", "/run/banish/control.sock", "socket"),
    _S("readers", Kind.TEXT, "a group whose members may ask on it, but change nothing", "", "readers"),
    _S("pidfile", Kind.TEXT, "the file that holds the number of the server's process", "", "pidfile"),
    _S("dbfile", Kind.TEXT, "what survives a restart; or None", "/var/lib/banish/banish.sqlite3", "dbfile"),
    _S(
        "dbmaxmatches", Kind.WHOLE, "how many lines of a ban are kept", "10", "dbmaxmatches", "lines", least=0
    ),
    _S("dbpurgeage", Kind.SPAN, "how long a ban that is over is remembered", "1d", "dbpurgeage", "seconds"),
    _S("allowipv6", Kind.CHOICE, "whether IPv6 is used", "auto", "allowipv6", choices=("auto", "yes", "no")),
    _S(
        "bans_on_stop",
        Kind.CHOICE,
        "what stopping does to bans",
        "keep",
        "bans_on_stop",
        choices=("keep", "remove"),
    ),
    _S(
        "firewalls",
        Kind.CHOICE,
        "whether firewall actions of fail2ban's are run as written, or enforced natively",
        "run",
        "firewalls",
        choices=("run", "native"),
    ),
    _S(
        "scanners",
        Kind.AUTO,
        "how many processes match lines when there are many; 0 is none beside the daemon itself",
        "auto",
        "scanners",
        unit="processes",
    ),
)
"""Settings of the whole, by name: `[Definition]` of `fail2ban.conf` and `banish.conf`."""
