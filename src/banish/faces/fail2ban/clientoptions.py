"""The options of `fail2ban-client` and `fail2ban-server`; they stand before the command."""

from __future__ import annotations

import getopt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from banish.compat.loglines import NUMBERS
from banish.core.errors import ConfigError

_SHORT: Final = "c:s:p:xfbdtivqhV"
_LONG: Final = (
    *("conf=", "socket=", "pidfile=", "pname=", "loglevel=", "logtarget=", "syslogsocket=", "dp"),
    *("dump-pretty", "test", "async", "timeout=", "str2sec=", "help", "version"),
)

USAGE: Final = """\
Usage: {program} [OPTIONS] {words}

Options:
    -c, --conf DIR              the directory with jail.conf or jail.local
    -s, --socket FILE           the socket of the server
    -p, --pidfile FILE          the file that holds the number of the server's process
    --pname NAME                taken for the sake of scripts, without effect
    --loglevel LEVEL            how much is logged
    --logtarget TARGET          where the log goes
    --syslogsocket auto|FILE    the socket of syslog
    -d                          print the configuration as commands
    --dp, --dump-pretty         the same, easier to read
    -t, --test                  read and compile the configuration, say whether it can run
    -i                          take commands from the terminal
    -v                          say more; more than once, still more
    -q                          say less
    -x                          start although there is a socket
    -b                          start in the background, which is the default
    -f                          start in the foreground
    --timeout SECONDS           how long to wait for the server
    --str2sec TEXT              print a span of time in seconds
    -h, --help                  print this
    -V, --version               print the version

"""


class MisuseError(ConfigError):
    """An option that is none."""


@dataclass(slots=True)
class Options:
    """What was asked for; `words` is the command."""

    conf: str | None = None
    socket: str = ""
    pidfile: str = ""
    loglevel: str = ""
    logtarget: str = ""
    syslogsocket: str = ""
    dumps: bool = False
    dumps_pretty: bool = False
    tests: bool = False
    interactive: bool = False
    verbosity: int = 0
    force: bool = False
    foreground: bool = False
    timeout: float = 30.0
    span: str | None = None
    wants_help: bool = False
    version: str = ""
    words: Sequence[str] = ()


_TEXTS: Final = {
    "-c": "conf",
    "--conf": "conf",
    "-s": "socket",
    "--socket": "socket",
    "-p": "pidfile",
    "--pidfile": "pidfile",
    "--loglevel": "loglevel",
    "--logtarget": "logtarget",
    "--syslogsocket": "syslogsocket",
    "--str2sec": "span",
}
_FLAGS: Final = {
    "-d": ("dumps", True),
    "--dp": ("dumps_pretty", True),
    "--dump-pretty": ("dumps_pretty", True),
    "-t": ("tests", True),
    "--test": ("tests", True),
    "-i": ("interactive", True),
    "-x": ("force", True),
    "-f": ("foreground", True),
    "-b": ("foreground", False),
    "-h": ("wants_help", True),
    "--help": ("wants_help", True),
    "-V": ("version", "short"),
    "--version": ("version", "long"),
}
_WITHOUT_EFFECT: Final = frozenset({"--pname", "--async"})


def parse(arguments: Sequence[str]) -> Options:
    """Read the options; `MisuseError` for one that does not exist, or lacks its value."""
    try:
        given, words = getopt.getopt(list(arguments), _SHORT, list(_LONG))
    except getopt.GetoptError as error:
        raise MisuseError(str(error)) from error
    found: dict[str, object] = {}
    verbosity, timeout = 0, 30.0
    for name, value in given:
        if name in _TEXTS:
            found[_TEXTS[name]] = value
        elif name in _FLAGS:
            key, flag = _FLAGS[name]
            found[key] = flag
        elif name == "--timeout":
            timeout = _seconds(value)
        elif name not in _WITHOUT_EFFECT:
            verbosity += 1 if name == "-v" else -1
    level = str(found.get("loglevel", "INFO"))
    if not level.isdecimal() and level.upper() not in NUMBERS:
        raise MisuseError(f"Invalid log level {level!r}; there are {', '.join(NUMBERS)}")
    make: Callable[..., Options] = Options
    return make(**found, verbosity=verbosity, timeout=timeout, words=words)


def _seconds(text: str) -> float:
    from banish.compat.values import seconds  # noqa: PLC0415 - start-up counts, and this is rare

    return seconds(text)
