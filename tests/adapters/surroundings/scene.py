"""A real sshd in private namespaces, with guests; run by test_sshd.py, which reads what is printed.

Every guest comes from an address of his own. Needs namespaces for mounts, network and processes.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from banish.adapters.surroundings.sshd import SshdSessions

SCRATCH = Path("/mnt")  # everybody may look into it
PORT = "2222"
SSH = [
    *("ssh", "-F", "none", "-p", PORT, "-i", str(SCRATCH / "id"), "-o", "UserKnownHostsFile=/dev/null"),
    *("-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR"),
]
CONFIG = f"""
Port {PORT}
HostKey {SCRATCH}/host
AuthorizedKeysFile {SCRATCH}/id.pub
PidFile none
StrictModes no
UsePAM no
"""


def build() -> None:
    """Bring up the loopback, add a user anna to this mount namespace, make keys."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for path in (str(SCRATCH), "/run"):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
    SCRATCH.chmod(0o755)
    for path, line in (
        ("passwd", "anna:x:12345:12345::/tmp:/bin/sh"),
        ("shadow", "anna:*:19000:0:99999:7:::"),
    ):
        (SCRATCH / path).write_text(f"{Path('/etc', path).read_text()}{line}\n")
        subprocess.run(["mount", "--bind", SCRATCH / path, f"/etc/{path}"], check=True)
    for name in ("host", "id"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", SCRATCH / name], check=True)
    Path("/run/sshd").mkdir()
    (SCRATCH / "config").write_text(CONFIG)
    (SCRATCH / "askpass").write_text(f"#!/bin/sh\necho asked > {SCRATCH}/asked\nexec sleep 60\n")
    (SCRATCH / "askpass").chmod(0o755)
    os.mkfifo(SCRATCH / "asked")


def until(promise: Callable[[], bool]) -> bool:
    """Look again and again, for at most ten seconds."""
    end = time.monotonic() + 10
    while not promise() and time.monotonic() < end:
        os.sched_yield()
    return promise()


def say(something: object) -> None:
    """Print one line for the test."""
    sys.stdout.write(f"{json.dumps(something)}\n")


def connect() -> socket.socket:
    """Connect and say nothing, once the server greets."""
    end = time.monotonic() + 10
    while True:
        try:
            stranger = socket.create_connection(("127.0.0.1", int(PORT)), 5, ("127.0.0.5", 0))
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            continue
        stranger.recv(100)
        return stranger


def main() -> None:
    """Let the guests in, print who is seen; let them leave, print who is left."""
    build()
    subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", SCRATCH / "config", "-E", SCRATCH / "log"])
    sessions = SshdSessions(Path("/proc"), time.monotonic)

    def seen() -> dict[str, str]:
        return {login.address: login.user for login in sessions.look()}

    target = socket.create_server(("127.0.0.9", 2323))
    stranger = connect()
    guesser = subprocess.Popen(
        [*SSH, "-b", "127.0.0.6", "-o", "PubkeyAuthentication=no", "anna@127.0.0.1"],
        env={**os.environ, "SSH_ASKPASS": str(SCRATCH / "askpass"), "SSH_ASKPASS_REQUIRE": "force"},
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (SCRATCH / "asked").read_text()  # he is at the prompt
    guests = [
        subprocess.Popen([*SSH, *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        for words in (
            ["-b", "127.0.0.2", "anna@127.0.0.1", "cat"],
            ["-b", "127.0.0.3", "-tt", "root@127.0.0.1", "cat"],
            ["-b", "127.0.0.4", "-N", "-L", "4001:127.0.0.9:2323", "anna@127.0.0.1"],
            ["-b", "127.0.0.7", "-N", "-L", "4002:127.0.0.9:2323", "root@127.0.0.1"],
            ["anna@::1", "cat"],
        )
    ]
    expected = {
        "127.0.0.2": "anna",
        "127.0.0.3": "root",
        "127.0.0.4": "anna",
        "127.0.0.7": "root",
        "::1": "anna",
    }
    until(lambda: seen() == expected)
    forwarded = []
    for port in (4001, 4002):  # now two sessions hold a connection to somewhere else as well
        forwarded += [socket.create_connection(("127.0.0.1", port), 5), target.accept()[0]]
    titles = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    fresh = SshdSessions(Path("/proc"), time.monotonic)
    say({login.address: login.user for login in fresh.look()})
    say(sorted(line for line in titles.splitlines() if line.startswith("sshd: ")))
    for guest in guests:
        guest.kill()
        guest.communicate()
    for each in forwarded:
        each.close()
    say(until(lambda: not seen()))
    guesser.kill()
    stranger.close()


main()
