"""`fail2ban-server`: the daemon under fail2ban's name, in the foreground or in the background."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from banish.core.config import ServerConfig
from banish.core.errors import BanishError
from banish.faces.fail2ban.client import FAILED, Client, loaded_of, run, say
from banish.faces.fail2ban.clientoptions import MisuseError, Options, parse

if TYPE_CHECKING:
    from banish.daemon.configuration import Loaded

_READY: Final = "ready"
_MANY: Final = 1024  # descriptors that may have been left open by who started us


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the server; with another command than `start` do what the client does."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = parse(words)
    except MisuseError:
        return run("fail2ban-server", words)
    asks = options.wants_help or options.version or options.span is not None or options.interactive
    looks = options.tests or options.dumps or options.dumps_pretty
    if asks or looks or list(options.words) not in ([], ["start"]):
        return run("fail2ban-server", words)
    os.umask(0o077)
    try:
        return _started(options)
    except BanishError as error:
        return say(str(error))


def _started(options: Options) -> int:
    loaded = loaded_of(options)
    given = {
        "socket": options.socket,
        "pidfile": options.pidfile,
        "loglevel": options.loglevel,
        "logtarget": options.logtarget,
        "syslogsocket": options.syslogsocket,
    }
    change: Callable[..., ServerConfig] = replace
    server = change(loaded.config.server, **{name: value for name, value in given.items() if value})
    if Client(replace(options, socket=server.socket)).is_there():
        return say("Server already running")
    loaded = replace(loaded, config=replace(loaded.config, server=server))
    return _in_foreground(loaded, say_ready) if options.foreground else _in_background(loaded)


def say_ready() -> None:
    """Tell who waits for it."""
    print("Server ready", flush=True)


def _in_foreground(loaded: Loaded, ready: Callable[[], None]) -> int:
    from banish.daemon.wiring import Guardian  # noqa: PLC0415 - as above
    from banish.faces.guarding import guard  # noqa: PLC0415 - as above

    server = loaded.config.server
    pidfile = Path(server.pidfile) if server.pidfile else None

    def begin() -> None:
        if pidfile is not None:
            pidfile.parent.mkdir(mode=0o700, exist_ok=True)
            pidfile.write_text(f"{os.getpid()}\n")
        ready()

    guardian = partial(Guardian, loaded, dry_run=False, in_process=False)
    try:
        asyncio.run(guard(guardian, [Path(server.socket)], say_warning, begin, server.readers))
    finally:
        if pidfile is not None:
            pidfile.unlink(missing_ok=True)
    return 0


def say_warning(text: str) -> None:
    """Write a warning on standard error."""
    say(text, "WARNING")


def _in_background(loaded: Loaded) -> int:
    """Go on in a process that nobody has to wait for, once that one is ready. Source: daemon(7)."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        os.waitpid(child, 0)
        with os.fdopen(read) as word:
            said = word.read()
        if said == _READY:
            say_ready()
            return 0
        return say(said or "the server ended before it was ready")
    os.close(read)
    os.setsid()
    if os.fork():
        os._exit(0)
    _detach(write)
    with os.fdopen(write, "w") as word:
        os._exit(_told(loaded, word))


def _told(loaded: Loaded, word: TextIO) -> int:
    """Guard, and write one word when that begins, or why it does not."""

    def ready() -> None:
        word.write(_READY)
        word.close()

    try:
        return _in_foreground(loaded, ready)
    except (BanishError, OSError) as error:
        if not word.closed:
            word.write(str(error))
            word.close()
        return FAILED


def _detach(keep: int) -> None:
    """Leave directory and standard streams; only this descriptor is kept."""
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.closerange(3, keep)
    os.closerange(keep + 1, max(keep + 1, _MANY))


if __name__ == "__main__":
    sys.exit(main())
