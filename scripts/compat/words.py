"""What lines are made of: hosts, users, words, dates and bytes that nobody expects."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from compat.case import NOW

HOSTS: Final = (
    "192.0.2.1", "192.0.2.1", "192.0.2.2", "198.51.100.77", "10.0.0.255", "127.0.0.1", "0.0.0.0",
    "2001:db8::1", "2001:DB8::1", "2001:db8:0:0::1", "::1", "::", "fe80::1%eth0", "1::2::3",
    "::ffff:192.0.2.1", "::ffffff:192.0.2.1", "::FFFF:192.0.2.1", "::ffff:c000:201", "64:ff9b::192.0.2.1",
    "[2001:db8::1]", "[192.0.2.1]", "[192.0.2.1/24]",
    "[2001:db8::1]/64", "a^b.example", "192.0.2.1:22", "[::1]:22", "192.0.2.0/24", "192.0.2.77/24",
    "2001:db8::5/32", "192.0.2.1/255.255.255.0", "192.0.2.1/40", "192.0.2.1/0", "999.1.1.1", "001.2.3.4",
    "1.2.3", "1.2.3.4.5", "256.256.256.256", "٣.1.1.1", "1.2.3.4٣", "host.example", "host-1_a.example.",
    "1.2.3.4.example", "localhost", "xn--bcher-kva.example", "-", "_", "UNKNOWN",
)  # fmt: skip
USERS: Final = (
    "root", "root", "alice", "bob", "", "a b", "o'neil", '"', "user from 192.0.2.99", "ädmin", "<HOST>",
    "%s", "alice", "1000", "user@example.com", "../../x", "\\x00", "None", "a,b", "]: ",
)  # fmt: skip
WORDS: Final = (
    "fail", "failed", "Failed", "FAIL", "login", "invalid user", "password", "from", "for", "port", "ok",
    "authentication failure;", "[preauth]", "connect", "closed", "(ssh2)", "rhost=", "error:", "x.y", "$1",
    "bye", "accepted", "a|b", "GET /", '"GET / HTTP/1.1"', "*", "q{2}", "\\d", "^", "soft", "#", "; x",
)  # fmt: skip
ODD: Final = (
    b"\x00", b"\xff", b"\xc3", b"\xc3\xa9", b"\xe2\x80\xa8", b"\xc2\x85", b"\x0b", b"\x0c", b"\x1c", b"\r",
    b"\t", b"\xc2\xa0", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xef\xbb\xbf", b"\x1b[31m", b"\x7f", b"\\",
    b"%", b" ", b"\xd9\xa3", b"\xcc\x81", b"\xf4\x90\x80\x80", b"\xc0\x80", b"'", b'"', b"]", b":", b"0",
)  # fmt: skip

LAYOUTS: Final = {
    "%Y-%m-%d %H:%M:%S": ("", "{^LN-BEG}%Y-%m-%d %H:%M:%S", "^%Y-%m-%d %H:%M:%S[ ]", "{^LN-BEG}({DATE})"),
    "%Y-%m-%dT%H:%M:%S.%f+0000": ("", "{^LN-BEG}", r"%Y-%m-%dT%H:%M:%S(?:\.%f)?%z"),
    "%b %d %H:%M:%S": ("", "%b %d %H:%M:%S", "{^LN-BEG}%b %d %k:%M:%S"),
    "[%d/%b/%Y:%H:%M:%S +0000]": ("", r"\[%d/%b/%Y:%H:%M:%S %z\]", r"^[^\[]*\[({DATE})", "{DATE}"),
    "%a %b %d %H:%M:%S %Y": ("", "%a %b %d %H:%M:%S %Y", "(?:%a )?%b %d %H:%M:%S(?: %Y)?"),
    "[%s]": ("", r"^\[{EPOCH}\]", "EPOCH", "{NONE}"),
    "%s.%f": ("", "{EPOCH}", "LEPOCH", "{^LN-BEG}EPOCH"),
    "%d-%m-%Y %H:%M:%S": ("", "%d-%m-%Y %H:%M:%S", "^%d-%m-%y"),
    "%H:%M:%S": ("", "^%H:%M:%S", "%H:%M:%S", "^%H:%M"),
    "%Y%m%d%H%M%S": ("", "%Y%m%d%H%M%S", "%ExY%Exm%Exd%ExH%ExM%ExS"),
    "": ("", "{NONE}", "{^LN-BEG}"),
}
"""How dates may be written, and date patterns that a filter may have for it; "" is for the defaults."""


def date(layout: str, age: float) -> str:
    """Write the time `age` seconds ago in UTC or, where nothing says so, an hour ahead of it."""
    at = datetime.fromtimestamp(NOW - age, UTC)
    if not layout.endswith(("+0000", "+0000]")):
        at += timedelta(hours=1)
    stamp = str(int(NOW - age))
    return at.strftime(layout.replace("%s", stamp)).replace("Jan 0", "Jan  ")


def odd(rng: Random, line: bytes) -> bytes:
    """Change a line a little: bytes put in, left out or doubled, two parts swapped, the end cut off."""
    at = rng.randrange(len(line) + 1)
    to = min(len(line), at + rng.choice((1, 1, 1, 2, 5, 20)))
    return rng.choice((
        line[:at] + rng.choice(ODD) + line[at:],
        line[:at] + rng.choice(ODD) + line[to:],
        line[:at] + line[to:],
        line[:to] + line[at:],
        line[to:] + line[:at],
        line[:at],
        line + rng.choice(ODD),
        line + b"x" * rng.choice((10, 1000, 3000)),
        b"#" + line,
        rng.choice((b"", b" ", b"\t", b"\r")),
    ))  # fmt: skip
