"""The machine's own zone as a `tzinfo`, by the rules of the C library: `TZ`, or else /etc/localtime.

`zoneinfo` needs a name and a database; a machine may have neither, and `TZ` may hold rules instead of a name.
"""

import time
from calendar import timegm
from datetime import datetime, timedelta, tzinfo

_DAY = 86_400  # seconds; no zone shifts twice within one


class SystemZone(tzinfo):
    """Resolves what is ambiguous as `mktime` does when it is not told about daylight saving.

    A wall clock that is skipped when clocks go forward is read by an offset of `mktime`'s choice. Of one
    that is shown twice `fold=0` is the time that `mktime` takes, be it the earlier or the later, and
    `fold=1` the other.
    """

    def utcoffset(self, dt: datetime | None, /) -> timedelta | None:
        """Return how far this wall clock is ahead of Greenwich."""
        return None if dt is None else timedelta(seconds=timegm(dt.timetuple()) - _instant(dt))

    def dst(self, dt: datetime | None, /) -> None:
        """Return nothing: the C library tells that there is daylight saving, not how much."""

    def tzname(self, dt: datetime | None, /) -> str | None:
        """Return the abbreviation, for instance CEST."""
        return None if dt is None else time.localtime(_instant(dt)).tm_zone

    def fromutc(self, dt: datetime, /) -> datetime:
        """Show a time of Greenwich on the wall clock."""
        ahead = timedelta(seconds=time.localtime(timegm(dt.timetuple())).tm_gmtoff)
        wall = dt + ahead
        return wall if wall.utcoffset() == ahead else wall.replace(fold=1)


def _instant(wall: datetime) -> int:
    """Return the seconds since 1970."""
    chosen = int(time.mktime((*wall.timetuple()[:6], 0, 0, -1)))
    return _other(wall, chosen) if wall.fold else chosen


def _other(wall: datetime, chosen: int) -> int:
    """Return the other time at which clocks show this, or the same if there is none."""
    for nearby in (chosen - _DAY, chosen + _DAY):
        ahead = time.localtime(nearby).tm_gmtoff
        other = timegm(wall.timetuple()) - ahead
        if other != chosen and time.localtime(other).tm_gmtoff == ahead:
            return other
    return chosen
