"""The stage: folders, devices, accounts and cables that only the processes of the demo see.

It is built in fresh namespaces of mounts, network and processes. Nothing has to be cleared away afterwards:
with its last process all of it is gone.
"""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path
from typing import Final

from demo.errors import UnfitError
from demo.guests import GUESTS, Guest

WINGS: Final = Path("/run/demo")
"""Where the demo keeps its own files."""

PASSWORD: Final = "cast off at dawn"
_CRYPTED: Final = (  # what `openssl passwd -6 -salt banish` makes of it
    "$6$banish$Wy6rcL/aQGyfnsjxXPzou/YkYkGMqhQ3/0UApeCvZYamHUrswpjof19Tvxa/boLlGptzCMEgnmxBzlBtNBYA8."
)

_FOLDERS: Final = """
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/log
mkdir -p /run/sshd /run/lock /run/dev /run/demo/home /run/demo/spool
mount -t tmpfs -o mode=755 tmpfs /run/dev
mkdir /run/dev/pts
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts /run/dev/pts
ln -s pts/ptmx /run/dev/ptmx
ln -s /proc/self/fd /run/dev/fd
"""
_DEVICES: Final = ("null", "zero", "full", "random", "urandom", "tty")

_ACCOUNT: Final = {
    "/etc/passwd": f"anna:x:4242:4242::{WINGS}/home:/bin/sh",
    "/etc/group": "anna:x:4242:",
    "/etc/shadow": f"anna:{_CRYPTED}:19000:0:99999:7:::",
}

_CABLE: Final = """
ip netns add {name}
ip link add {name} type veth peer name eth0 netns {name}
ip address add {door}/{prefix} dev {name} {options}
ip link set {name} up
ip -n {name} address add {address}/{prefix} dev eth0 {options}
ip -n {name} link set eth0 up
"""


def build() -> None:
    """Build all of it; `UnfitError` if this machine does not allow it."""
    _perform(_FOLDERS)
    _devices()
    for path, line in _ACCOUNT.items():
        _extend(Path(path), line)
    _perform("ip link set lo up")
    for guest in GUESTS:
        _lay_cable(guest)


def cover(path: Path, text: str) -> None:
    """Put a text in the place of a file, for the demo only."""
    mask = WINGS / str(path).strip("/").replace("/", "-")
    mask.write_text(text)
    _perform(f"mount --bind {mask} {path}")


def _extend(path: Path, line: str) -> None:
    cover(path, f"{path.read_text().rstrip()}\n{line}\n")


def _devices() -> None:
    """Put a private folder in the place of /dev, so that the socket of syslog is made there."""
    for name in _DEVICES:
        Path("/run/dev", name).touch()
        _perform(f"mount --bind /dev/{name} /run/dev/{name}")
    _perform("mount --move /run/dev /dev")


def _lay_cable(guest: Guest) -> None:
    # without nodad an IPv6 address may not be used for a second
    options = "nodad" if guest.has_ipv6 else ""
    _perform(
        _CABLE.format(
            name=guest.name, door=guest.door, address=guest.address, prefix=guest.prefix, options=options
        )
    )


def _perform(commands: str) -> None:
    """Run commands, one a line."""
    for command in commands.strip().splitlines():
        done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
        if done.returncode:
            raise UnfitError(f"{command}: {done.stderr.strip()}")
