"""The command `banish`: one word says what is wanted, and one module does it."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from keyword import iskeyword
from types import ModuleType
from typing import Final

from banish import __version__
from banish.core.errors import BanishError, RefusedError

COMMANDS: Final = {
    "run": "guard this machine, in the foreground",
    "check": "find every mistake in the configuration",
    "try": "show which lines of a log a filter matches",
    "replay": "show whom a log would have got banned",
    "status": "show jails, what they read, and how many are banned",
    "bans": "list who is banned, and until when",
    "ban": "ban addresses by hand",
    "unban": "let addresses in again",
    "why": "explain why an address is banned, or is not",
    "exempt": "never ban an address, or list who is exempt",
    "import": "take over what fail2ban remembered",
}
"""Every command and what it is for; its module is imported only when needed, so that a status is quick."""

DONE: Final = 0
NO: Final = 1
TROUBLE: Final = 2

_EPILOG: Final = """\
a first look:
  banish check                       is the configuration in order?
  banish try /var/log/auth.log sshd  what would the sshd filter see?
  banish replay /var/log/auth.log    who would have been banned?
  sudo banish run                    guard this machine

Every command explains itself with --help and prints JSON with --json.
exit status: 0 done, 1 the answer is no, 2 misuse or failure
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or words[0] not in COMMANDS:
        return _without_command(words)
    name, rest = words[0], words[1:]
    try:
        command = _module(name)
        parser = argparse.ArgumentParser(
            prog=f"banish {name}",
            description=command.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--json", action="store_true", help="print JSON for programs")
        command.configure(parser)
        status: int = command.run(parser.parse_args(rest))
        sys.stdout.flush()
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return NO
    except BanishError as error:
        print(f"banish: {error}", file=sys.stderr)
        return TROUBLE
    except BrokenPipeError:  # the reader, head perhaps, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return TROUBLE
    return status


def _module(name: str) -> ModuleType:
    suffix = "_" if iskeyword(name) else ""
    return importlib.import_module(f"banish.faces.cli.{name}{suffix}")


def _without_command(words: list[str]) -> int:
    """Answer --help and --version, or say what is wrong."""
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {purpose}" for name, purpose in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="banish",
        usage="banish COMMAND [OPTION]...",
        description=f"Bans whoever attacks this machine, as its logs tell.\n\ncommands:\n{listing}",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"banish {__version__}")
    if not words:
        parser.print_help()
        return TROUBLE
    unknown = parser.parse_known_args(words)[1]
    print(f'banish: no such command: "{unknown[0]}"; there are {", ".join(COMMANDS)}', file=sys.stderr)
    return TROUBLE


if __name__ == "__main__":
    sys.exit(main())
