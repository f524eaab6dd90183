"""Tell the service manager how the daemon is. Source: sd_notify(3)."""

from __future__ import annotations

import contextlib
import os
import socket


def tell(state: str) -> None:
    """Send `READY=1` and the like to who started us, if he wants to know; never raises."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifier:
        notifier.connect("\0" + address[1:] if address.startswith("@") else address)
        notifier.sendall(state.encode())
