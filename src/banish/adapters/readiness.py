"""The service manager: tell it how the daemon is, take the sockets it hands over.

Source: sd_notify(3), sd_listen_fds(3).
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path
from typing import Final

_FIRST: Final = 3  # descriptor of the first socket


def tell(state: str) -> None:
    """Send `READY=1` and the like to who started us, if he wants to know; never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier:
        notifier.connect("\0" + address[1:] if address.startswith("@") else address)
        notifier.sendall(state.encode())


def handed_over() -> dict[Path, socket.socket]:
    """Return the listening sockets of the file system that we were started with; ask once."""
    owner, number = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "")
    os.environ.pop("LISTEN_FDNAMES", None)
    if owner != str(os.getpid()) or not number.isdecimal():
        return {}
    found: dict[Path, socket.socket] = {}
    for descriptor in range(_FIRST, _FIRST + int(number)):
        with contextlib.suppress(OSError):
            os.set_inheritable(descriptor, False)  # noqa: FBT003 - the system's word
            each = socket.socket(fileno=descriptor)
            name = each.getsockname()
            is_listening = each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if each.family == socket.AF_UNIX and is_listening and isinstance(name, str) and name:
                found[Path(name)] = each
            else:
                each.close()
    return found
