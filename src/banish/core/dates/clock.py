"""Local time and instants, there and back.

Minutes are remembered: a zone shifts between two minutes and never inside one (last seen: Liberia, 1972).
"""

from collections import OrderedDict
from datetime import UTC, datetime, timedelta, tzinfo

from banish.core.model import Instant

_KEPT = 256  # minutes whose conversion is remembered; a log in order needs one


class Clock:
    """The wall clock of a zone; `minutes_east` is the offset of log lines instead, if set."""

    def __init__(self, zone: tzinfo, minutes_east: int | None = None) -> None:
        self._zone = zone
        self.minutes_east = minutes_east
        self._minute = 0.0  # since 1970, the last one that was shown, as `_shown`
        self._shown = self._show(0)
        self._minutes: OrderedDict[datetime, float] = OrderedDict()

    def wall(self, now: Instant) -> datetime:
        """Return what the wall clocks show, as a time without a zone; remembers the last minute."""
        minute = now // 60
        if minute != self._minute:
            self._minute, self._shown = minute, self._show(minute * 60)
        return self._shown + timedelta(seconds=now - minute * 60)

    def local(self, wall: datetime) -> Instant:
        """Return when the wall clocks show this, to the second, as a float; remembers minutes."""
        minute = wall.replace(second=0, microsecond=0)
        start = self._minutes.get(minute)
        if start is None:
            start = self._minutes[minute] = minute.replace(tzinfo=self._zone).timestamp()
            if len(self._minutes) > _KEPT:
                self._minutes.popitem(last=False)
        return Instant(start + wall.second)

    @staticmethod
    def utc(wall: datetime) -> Instant:
        """Return when the wall clocks in Greenwich show this, to the second, as an integer."""
        return Instant(int(wall.replace(tzinfo=UTC).timestamp()))

    def _show(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self._zone).replace(tzinfo=None)
