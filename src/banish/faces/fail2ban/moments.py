"""Times as fail2ban's clients show them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from banish.core.model import NEVER, Instant
from banish.daemon.configuration import calendar

_NEVER: Final = "9999-12-31 23:59:59"


def moment(at: Instant) -> str:
    """Return local time; what never comes has a date all the same."""
    return _NEVER if at == NEVER else f"{datetime.fromtimestamp(int(at), calendar().zone):%Y-%m-%d %H:%M:%S}"


def period(start: Instant, end: Instant, seconds: int) -> str:
    """Return when something begins, how long it takes, and when it ends; -1 is for good."""
    return f"{moment(start)} + {seconds} = {moment(end)}"
