"""The log of an sshd under attack, with the proportions of a real one.

Of 100 lines about 32 blame somebody, 47 belong to a connection without blaming anybody, 21 say nothing to the
stock filter; counted on a public log of an attacked server.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from bench.crowd import Crowd, chooser
from bench.stamps import DAY, SYSLOG, stamps

_WORDS: Final = "Failed password|Invalid user|authentication failure|Connection closed|identification string"
LITERALS: Final = _WORDS.split("|")
"""What a search for the same lines would look for."""

_PAM: Final = "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={who} "
_REVERSE: Final = (
    "reverse mapping checking getaddrinfo for {name} [{who}] failed - POSSIBLE BREAK-IN ATTEMPT!"
)

_CONNECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "known": (
        f"pam_unix(sshd:auth): {_PAM} user={{user}}",
        "Failed password for {user} from {who} port {port} ssh2",
        "Received disconnect from {who}: 11: Bye Bye [preauth]",
    ),
    "unknown": (
        "Invalid user {user} from {who}",
        "input_userauth_request: invalid user {user} [preauth]",
        "pam_unix(sshd:auth): check pass; user unknown",
        f"pam_unix(sshd:auth): {_PAM}",
        "Failed password for invalid user {user} from {who} port {port} ssh2",
        "Received disconnect from {who}: 11: Bye Bye [preauth]",
    ),
    "named": (
        _REVERSE,
        f"pam_unix(sshd:auth): {_PAM} user={{user}}",
        "Failed password for {user} from {who} port {port} ssh2",
    ),
    "stubborn": (
        f"pam_unix(sshd:auth): {_PAM} user={{user}}",
        "Failed password for {user} from {who} port {port} ssh2",
        "message repeated 5 times: [ Failed password for {user} from {who} port {port} ssh2]",
        "Disconnecting: Too many authentication failures for {user} [preauth]",
        f"PAM 5 more {_PAM} user={{user}}",
        "PAM service(sshd) ignoring max retries; 6 > 3",
    ),
    "keyless": (
        "error: Received disconnect from {who}: 14: No more user authentication methods available. [preauth]",
    ),
    "closed": ("Connection closed by {who} [preauth]",),
    "silent": ("Did not receive identification string from {who}",),
    "welcome": (
        "Accepted password for {user} from {who} port {port} ssh2",
        "pam_unix(sshd:session): session opened for user {user} by (uid=0)",
        "Received disconnect from {who}: 11: disconnected by user",
        "pam_unix(sshd:session): session closed for user {user}",
    ),
}
"""The lines of one connection."""

_SHARES: Final = {
    "known": 295,
    "unknown": 113,
    "named": 85,
    "stubborn": 5,
    "keyless": 45,
    "closed": 34,
    "silent": 10,
    "welcome": 1,
}
_USERS: Final = ("root", "root", "root", "mysql", "backup", "www-data", "ubuntu", "games")
_STRANGERS: Final = (
    "admin",
    "oracle",
    "test",
    "guest",
    "pi",
    "git",
    "deploy",
    "jenkins",
    "minecraft",
    "hadoop",
)


def lines(count: int, end: float, seed: int = 1, span: float = DAY) -> Iterator[str]:
    """Yield as many lines, written in a `span` of seconds until `end`; the same for the same arguments."""
    rng = random.Random(seed)
    crowd, kinds = Crowd(rng, fresh=seed * 1_000_000), chooser(rng, _SHARES)
    times = stamps(count, end, SYSLOG, span)
    for connection in range(count):
        kind, who = kinds(), crowd.draw()
        users = _STRANGERS if kind == "unknown" else _USERS
        user, port = users[int(rng.random() * len(users))], 1024 + int(rng.random() * 60_000)
        name, head = f"host-{who.replace('.', '-')}.example.net", f"gate sshd[{1000 + connection % 64_000}]:"
        for text in _CONNECTIONS[kind]:
            stamp = next(times, None)
            if stamp is None:
                return
            yield f"{stamp} {head} {text.format(who=who, user=user, port=port, name=name)}\n"
