"""The options of `fail2ban-regex`: one table, read as fail2ban reads them.

Options may stand anywhere, long ones may be cut short; misuse ends with status 2.
"""

from __future__ import annotations

import optparse
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from banish import __version__
from banish.adapters.journal.query import terms
from banish.compat import FAIL2BAN_VERSION, loglines
from banish.core.config import UseDns
from banish.core.dates.zones import logtimezone
from banish.core.errors import ConfigError
from banish.faces.fail2ban.trouble import CollapseError

_USAGE: Final = "%prog [OPTIONS] <LOG> <REGEX> [IGNOREREGEX]"
_ABOUT: Final = """\
Try expressions, a filter or a jail on a log, and report which lines they match.

LOG is a log file, or "systemd-journal" with options in brackets such as [journalfiles=/path], or else the
text of one or more lines.
REGEX is the name of a jail or of a filter, with options in brackets if you like, such as
sshd[mode=aggressive]; or the path of a filter; or else an expression.
IGNOREREGEX is an expression that takes the place of those that the filter ignores lines by.
"""
_EPILOG: Final = """\
Exit status: 0 whatever was found, 255 if nothing could be tried, 2 for an option that does not exist.
"""


_ON: Final = "store_true"
_Option: Final = optparse.Option


def _table() -> list[optparse.Option]:
    return [
        _Option("-c", "--config", metavar="DIR", help="the directory with jail.conf and filter.d"),
        _Option("-d", "--datepattern", metavar="PATTERN", help="how dates are written"),
        _Option("--timezone", "--TZ", metavar="ZONE", help="the zone of dates that name none: UTC, +0200"),
        _Option("-e", "--encoding", metavar="CODEC", help="the encoding of the log"),
        _Option("-r", "--raw", action=_ON, help="leave names of hosts alone, as --usedns=raw"),
        _Option("--usedns", metavar="MODE", help="what to do with names: yes, warn, no, raw"),
        _Option("-L", "--maxlines", type="int", metavar="N", help="how many lines an expression may cover"),
        _Option("-m", "--journalmatch", metavar="MATCH", help="which entries of the journal to read"),
        _Option("-l", "--log-level", metavar="LEVEL", default="critical", help="show warnings, too"),
        _Option("-V", action=_ON, dest="short_version", help="print the bare version"),
        _Option("-v", "--verbose", action="count", dest="verbosity", default=0, help="tell more"),
        _Option("--verbosity", type="int", metavar="N", dest="verbosity", help="how much to tell: 0 to 2"),
        _Option("--verbose-date", "--VD", action=_ON, help="show all of date templates"),
        _Option("-D", "--debuggex", action=_ON, help="list lines with links to debuggex.com"),
        _Option("--no-check-all", action="store_false", dest="check_all", default=True,
                help="stop at the first expression that matches a line"),
        _Option("-o", "--out", metavar="FORMAT",
                help="print only this of every failure: id, ip, msg, row, a field such as user, or text with "
                     "tags such as '<time> <ip>'"),
        _Option("-i", "--invert", action=_ON, help="with -o: print the lines that are no failures"),
        _Option("--print-no-missed", action=_ON, help="do not list lines that nothing matched"),
        _Option("--print-no-ignored", action=_ON, help="do not list ignored lines"),
        _Option("--print-all-matched", action=_ON, help="list the lines that matched, too"),
        _Option("--print-all-missed", action=_ON, help="list them even if they are many"),
        _Option("--print-all-ignored", action=_ON, help="list them even if they are many"),
        _Option("-t", "--log-traceback", action=_ON, help="accepted, and without effect"),
        _Option("--full-traceback", action=_ON, help="accepted, and without effect"),
    ]  # fmt: skip


_EXCLUSIVE: Final = ("missed", "ignored")


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for. Texts are empty, and `maxlines` is 0, where nothing was said."""

    log: str
    regex: str
    ignoreregex: str | None
    config: str | None
    datepattern: str
    timezone: str
    encoding: str
    usedns: UseDns
    maxlines: int
    journalmatch: str
    loglevel: int
    verbosity: int
    verbose_date: bool
    debuggex: bool
    check_all: bool
    out: str
    invert: bool
    no_missed: bool
    no_ignored: bool
    all_matched: bool
    all_missed: bool
    all_ignored: bool


class _Parser(optparse.OptionParser):
    """The parser, with the explanations in its help left as they are written."""

    def format_description(self, formatter: optparse.HelpFormatter) -> str:
        del formatter
        return _ABOUT

    def format_epilog(self, formatter: optparse.HelpFormatter) -> str:
        del formatter
        return f"\n{_EPILOG}"

    def refuse(self, text: str) -> NoReturn:
        """Say what is wrong below the help, and end."""
        self.print_help()
        self.exit(255, f"\nERROR: {text}\n")


def parse(words: Sequence[str] | None) -> Options:
    """Read the command line. Ends the process for help, versions and misuse; `ConfigError` for odd values."""
    version = f"%prog {FAIL2BAN_VERSION} (Banish {__version__})"
    parser = _Parser(_USAGE, _table(), version=version, description=_ABOUT, prog="fail2ban-regex")
    found, rest = parser.parse_args(None if words is None else list(words))
    if found.short_version:
        print(FAIL2BAN_VERSION)
        parser.exit()
    for kind in _EXCLUSIVE:
        if getattr(found, f"print_no_{kind}") and getattr(found, f"print_all_{kind}"):
            parser.refuse(f"--print-no-{kind} and --print-all-{kind} exclude each other")
    if len(rest) not in {2, 3}:
        parser.refuse("name a LOG and a REGEX, and perhaps an IGNOREREGEX")
    return _options(found, *rest)


def _options(found: optparse.Values, log: str, regex: str, ignoreregex: str | None = None) -> Options:
    return Options(
        log,
        regex,
        ignoreregex,
        config=found.config,
        datepattern=found.datepattern or "",
        timezone=_zone(found.timezone or ""),
        encoding=found.encoding or "",
        usedns=UseDns.RAW if found.raw else _usedns(found.usedns),
        maxlines=_maxlines(found.maxlines or 0),
        journalmatch=_match(found.journalmatch or ""),
        loglevel=_level(found.log_level),
        verbosity=found.verbosity,
        verbose_date=bool(found.verbose_date),
        debuggex=bool(found.debuggex),
        check_all=found.check_all,
        out=found.out or "",
        invert=bool(found.invert),
        no_missed=bool(found.print_no_missed),
        no_ignored=bool(found.print_no_ignored),
        all_matched=bool(found.print_all_matched),
        all_missed=bool(found.print_all_missed),
        all_ignored=bool(found.print_all_ignored),
    )


def _usedns(text: str | None) -> UseDns:
    """Return the mode; what is none is `no`, as in a configuration."""
    known = {mode.value: mode for mode in UseDns}
    return known.get(text.lower(), UseDns.NO) if text else UseDns.WARN


def _zone(text: str) -> str:
    logtimezone(text)
    return text


def _maxlines(number: int) -> int:
    if number < 0:
        raise ConfigError(f"maxlines = {number}: too small; write 1 or more")
    return number


def _match(text: str) -> str:
    terms(text)
    return text


def _level(text: str) -> int:
    """Return the number of a log level."""
    number = int(text) if text.isdecimal() else loglines.NUMBERS.get(text.upper())
    if number is None:
        raise CollapseError(f'"{text}" is no log level; there are {", ".join(loglines.NUMBERS)}')
    return number
