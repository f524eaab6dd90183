"""The times of a log: its lines spread evenly over a span, each stamp written once a second."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

SYSLOG: Final = "%b %e %H:%M:%S"  # days before the tenth are padded with a blank
ACCESS: Final = "%d/%b/%Y:%H:%M:%S +0000"

DAY: Final = 86_400 * 0.9
"""A little less than one, so that a log that ends now does not begin in the same hour."""


def stamps(count: int, end: float, form: str, span: float = DAY) -> Iterator[str]:
    """Yield as many stamps, the last of them for `end`; access logs are in UTC, all others in local time."""
    convert = time.gmtime if form == ACCESS else time.localtime
    step, begin = span / count, end - span
    second, written = -1, ""
    for number in range(1, count + 1):
        at = int(begin + number * step)
        if at != second:
            second, written = at, time.strftime(form, convert(at))
        yield written
