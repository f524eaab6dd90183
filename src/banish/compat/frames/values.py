"""What can be said in fail2ban's control protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = (
    "bool | int | float | str | list[Value] | tuple[Value, ...] | dict[Value, Value] | set[Value]"
    " | RemoteError | None"
)


@dataclass(frozen=True, slots=True)
class RemoteError:
    """An exception as it is told: the name of its class, and its arguments.

    `name` is that of a class of Python, without its module, or `fail2ban.exceptions.UnknownJailException` and
    the like.
    """

    name: str
    args: tuple[Value, ...] = ()

    def __str__(self) -> str:
        match self.args:
            case ():
                return ""
            case (int(number), str(text), path):
                return f"[Errno {number}] {text}: {path!r}"
            case (single,):
                return repr(single) if self.name.endswith(("KeyError", "JailException")) else str(single)
            case several:
                return str(several)
