"""`fail2ban-client`: the commands of fail2ban, for our server or the original's."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from banish.compat import FAIL2BAN_VERSION
from banish.compat.frames import Value
from banish.compat.replies import complaint, printed
from banish.core.errors import BanishError, ConfigError
from banish.faces.fail2ban.clientoptions import USAGE, MisuseError, Options, parse
from banish.faces.fail2ban.talking import Connection, FailedError, UnreachableError

if TYPE_CHECKING:
    from banish.daemon.configuration import Loaded

FAILED: Final = 255
_PAUSE: Final = 0.05  # seconds between two looks whether the server has come or gone


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command, or many from the terminal; 0 or 255."""
    return run("fail2ban-client", sys.argv[1:] if arguments is None else arguments)


def run(program: str, arguments: Sequence[str]) -> int:
    """Do what the client does, under the name of a program."""
    usage = USAGE.format(program=program, words="COMMAND [WORDS]")
    try:
        options = parse(arguments)
        if (status := _answered_at_once(options, usage)) is not None:
            return status
        client = Client(options)
        return client.obey()
    except MisuseError as error:
        print(usage, end="")
        return say(str(error))
    except BrokenPipeError:  # whoever reads has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        print("\nCaught signal 2. Exiting")
        return FAILED
    except BanishError as error:
        return say(str(error))


def say(text: str, level: str = "ERROR") -> int:
    """Write a line of log on standard error; 255."""
    now = datetime.now()  # noqa: DTZ005 - as the log has it, in local time
    stamp = f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d}"
    print(f"{stamp} {'fail2ban':<24}[{os.getpid()}]: {level:<7} {text}", file=sys.stderr)
    return FAILED


def _answered_at_once(options: Options, usage: str) -> int | None:
    """Answer what needs neither configuration nor server."""
    if options.wants_help:
        print(usage + _commands(), end="")
    elif options.version:
        print(FAIL2BAN_VERSION if options.version == "short" else f"Fail2Ban v{FAIL2BAN_VERSION} (Banish)")
    elif options.span is not None:
        return _spell(options.span)
    elif not (options.words or options.interactive or options.tests or options.dumps or options.dumps_pretty):
        print(usage, end="")
        return FAILED
    else:
        return None
    return 0


def loaded_of(options: Options) -> Loaded:
    """Read the configuration, and say what is wrong with it."""
    from banish.daemon.configuration import load  # noqa: PLC0415 - most commands need no configuration

    loaded = load(options.conf)
    for problem in loaded.errors:
        say(str(problem))
    return loaded


def _commands() -> str:
    from banish.faces.fail2ban.wordlist import COMMANDS  # noqa: PLC0415 - only read for help

    return COMMANDS


def _spell(text: str) -> int:
    from banish.compat.values import span  # noqa: PLC0415 - start-up counts, and this is rare

    try:
        print(span(text))
    except ConfigError as error:
        print(f"ERROR: {text!r}: {error}")
        return FAILED
    return 0


class Client:
    """One run of the client."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._socket = Path(options.socket or self._configured())

    def _configured(self) -> str:
        """Return the socket that the configuration names."""
        from banish.daemon.configuration import load_server  # noqa: PLC0415 - not needed with --socket

        return load_server(self._options.conf).socket

    def obey(self) -> int:
        """Carry out what was asked for, in the order of the original."""
        options = self._options
        if options.dumps or options.dumps_pretty:
            return self._dump() or (self._test() if options.tests else 0)
        if options.tests and (status := self._test()) and options.words:
            return status
        if options.tests and not options.words:
            return status
        if options.words and (status := self.command(options.words)):
            return status
        return self._converse() if options.interactive else 0

    def command(self, words: Sequence[str]) -> int:
        """Carry out one command."""
        special: dict[str, Callable[[Sequence[str]], int]] = {
            "ping": self._ping,
            "start": self._start,
            "restart": self._restart,
            "reload": self._reload,
            "stop": self._stop,
        }
        carry_out = special.get(words[0], self._plain)
        try:
            return carry_out(words)
        except FailedError as error:
            say(f"NOK: {error.error.args!r}")
            print(complaint(error.error))
            return FAILED

    # ------------------------------------------------------------------------------------- commands

    def _ask(self, words: Sequence[Value], timeout: float | None = None) -> Value:
        with Connection(self._socket, self._options.timeout if timeout is None else timeout) as server:
            return server.ask(words)

    def _plain(self, words: Sequence[str]) -> int:
        value = self._ask(list[Value](words))
        encoding = (sys.stdout.encoding or "").lower()
        print(printed(words, value, is_utf8=encoding.startswith("utf")))
        return 0

    def _ping(self, words: Sequence[str]) -> int:
        try:
            timeout = float(words[1]) if len(words) > 1 else None
        except ValueError as error:
            return say(str(error))
        print(printed(words, self._ask(["ping"], timeout)))
        return 0

    def _stop(self, words: Sequence[str]) -> int:
        self._plain(words)
        if len(words) == 1:
            self._await(lambda: not self.is_there())
        return 0

    def _start(self, words: Sequence[str]) -> int:
        if len(words) > 1:
            return self._plain(words)
        if self.is_there():
            return say("Server already running")
        import subprocess  # noqa: PLC0415 - most commands start nothing

        command = [sys.executable, "-m", "banish.faces.fail2ban.server", "-b", *self._given()]
        begun = subprocess.run([*command, "start"], check=False)
        if begun.returncode or not self._await(self.is_there):
            return say("Could not start server") if not begun.returncode else FAILED
        print("Server ready")
        return 0

    def _restart(self, words: Sequence[str]) -> int:
        if [word for word in words[1:] if not word.startswith("-")]:
            return self._reload(["reload", "--restart", *words[1:]])
        if self.is_there():
            self._stop(["stop"])
        return self._start(["start"])

    def _reload(self, words: Sequence[str]) -> int:
        options = [word for word in words[1:] if word in {"--restart", "--unban", "--if-exists"}]
        targets = [word for word in words[1:] if word not in options]
        if len(targets) > 1:
            return say(f"Unexpected argument(s) for reload: {targets!r}")
        if not self.is_there():
            return say("Could not find server")
        print(self._ask(["reload", targets[0] if targets else "--all", list[Value](options), []]))
        return 0

    def is_there(self) -> bool:
        """Return whether a server answers."""
        try:
            return self._ask(["ping"], timeout=2.0) == "pong"
        except (UnreachableError, FailedError):
            return False

    def _await(self, condition: Callable[[], bool]) -> bool:
        end = time.monotonic() + self._options.timeout
        while not condition():
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE)  # neither the coming nor the going of a server can be waited for
        return True

    def _given(self) -> list[str]:
        options = self._options
        given = {
            "-c": options.conf,
            "-s": str(self._socket),
            "-p": options.pidfile,
            "--loglevel": options.loglevel,
            "--logtarget": options.logtarget,
        }
        return [word for name, value in given.items() if value for word in (name, value)]

    # --------------------------------------------------------------------------------- configuration

    def _test(self) -> int:
        loaded = loaded_of(self._options)
        good = not loaded.errors
        print("OK: configuration test is successful" if good else "ERROR: test configuration failed")
        return 0 if good else FAILED

    def _dump(self) -> int:
        from pprint import pformat  # noqa: PLC0415 - as above

        from banish.compat.stream import stream  # noqa: PLC0415 - as above

        loaded = loaded_of(self._options)
        for command in stream(loaded.config, loaded.directory):
            print(pformat(command, width=1000, indent=2) if self._options.dumps_pretty else command)
        return 0

    # ------------------------------------------------------------------------------------ terminal

    def _converse(self) -> int:
        import readline  # noqa: F401, PLC0415 - keeps what was typed; loaded only for people

        print(f"Fail2Ban v{FAIL2BAN_VERSION} (Banish) reads log files that contain password failure reports")
        print("and bans the corresponding IP addresses using firewall rules.\n")
        while True:
            try:
                words = shlex.split(input("fail2ban> "))
            except EOFError:
                print()
                return FAILED
            except ValueError as error:
                say(str(error))
                continue
            if words in (["exit"], ["quit"]):
                return 0
            if words == ["help"]:
                print(_commands(), end="")
            elif words:
                try:
                    self.command(words)
                except BanishError as error:
                    say(str(error))


if __name__ == "__main__":
    sys.exit(main())
