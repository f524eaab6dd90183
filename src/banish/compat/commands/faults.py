"""What goes wrong with a command, as fail2ban's clients expect to be told."""

from __future__ import annotations

from typing import Final

from banish.compat.frames.values import RemoteError
from banish.core.errors import BanishError

UNKNOWN_JAIL: Final = "fail2ban.exceptions.UnknownJailException"
DUPLICATE_JAIL: Final = "fail2ban.exceptions.DuplicateJailException"


class CommandError(BanishError):
    """A command that cannot be carried out; `error` is what is sent."""

    def __init__(self, error: RemoteError) -> None:
        super().__init__(str(error))
        self.error = error


def unknown_jail(name: str) -> CommandError:
    """Say that there is no such jail."""
    return CommandError(RemoteError(UNKNOWN_JAIL, (name,)))


def duplicate_jail(name: str) -> CommandError:
    """Say that there is such a jail already."""
    return CommandError(RemoteError(DUPLICATE_JAIL, (name,)))


def too_few() -> CommandError:
    """Say that words are missing."""
    return CommandError(RemoteError("IndexError", ("list index out of range",)))


def wrong(text: str) -> CommandError:
    """Say that a value is wrong, and why."""
    return CommandError(RemoteError("ValueError", (text,)))


def refused(text: str) -> CommandError:
    """Say anything else."""
    return CommandError(RemoteError("Exception", (text,)))
