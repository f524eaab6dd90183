"""From the groups that a date pattern captured to a point in time.

What a log line leaves out is guessed: the year, or month and day, from the clock. Fractions of a second
are dropped. Names carry the meaning: a group `(?P<H>...)` written by hand is as good as `%H`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from banish.core.dates import zones
from banish.core.dates.clock import Clock
from banish.core.dates.tokens import MONTHS, WEEKDAYS
from banish.core.model import Instant

_DAY = timedelta(days=1)


def _by_name(names: tuple[str, ...], first: int) -> Callable[[str], int]:
    """Return a reader of names, whole or cut to three letters; it raises `KeyError` for any other word."""
    numbers = {name: number for number, name in enumerate(names, first)}
    numbers |= {name[:3]: number for name, number in numbers.items()}
    return lambda text: numbers[text.lower()]


_READERS: Mapping[str, tuple[str, Callable[[str], int]]] = {
    "Y": ("year", int),
    "y": ("year", lambda text: 2000 + int(text)),
    "m": ("month", int),
    "b": ("month", _by_name(MONTHS, 1)),
    "B": ("month", _by_name(MONTHS, 1)),
    "d": ("day", int),
    "H": ("hour", int),
    "I": ("hour of half", int),
    "p": ("half", lambda text: 12 if text.lower() == "pm" else 0),
    "M": ("minute", int),
    "S": ("second", int),
    "j": ("day of year", int),
    "U": ("week from sunday", int),
    "W": ("week from monday", int),
    "w": ("weekday", lambda text: (int(text) - 1) % 7),
    "a": ("weekday", _by_name(WEEKDAYS, 0)),
    "A": ("weekday", _by_name(WEEKDAYS, 0)),
    "z": ("zone", zones.offset),
    "Z": ("zone", zones.offset),
}


def convert(groups: Mapping[str, str | None], clock: Clock, now: Instant) -> Instant | None:
    """Find the time; absent if no such time or zone exists.

    An integer if a zone was named or set, a float if the time is by the clock's own zone.
    """
    try:
        return _instant(_read(groups), clock, now)
    except (KeyError, ValueError, OverflowError):  # no such name; no such date; before year 1, after 9999
        return None


def _read(groups: Mapping[str, str | None]) -> dict[str, int]:
    """Collect the numbers by meaning; of two groups with one meaning the later counts."""
    found = {}
    for name, text in groups.items():
        if text is not None and name in _READERS:
            meaning, number = _READERS[name]
            found[meaning] = number(text)
    return found


def _instant(found: Mapping[str, int], clock: Clock, now: Instant) -> Instant:
    zone = found.get("zone", clock.minutes_east)
    day, is_guessed = _day(found, clock, now)
    wall = datetime.combine(day, time(_hour(found), found.get("minute", 0), found.get("second", 0)))
    if zone is not None:
        wall -= timedelta(minutes=zone)
    # Guesses are measured by the local wall clock, also where `wall` is that of Greenwich by now.
    if is_guessed and wall > clock.wall(now):
        wall -= _DAY
    if "year" not in found and wall > clock.wall(now) + _DAY:
        wall = wall.replace(year=day.year - 1, month=day.month, day=day.day)
    return clock.local(wall) if zone is None else clock.utc(wall)


def _day(found: Mapping[str, int], clock: Clock, now: Instant) -> tuple[date, bool]:
    """Return the day, and whether it is a guess: today, perhaps of another year."""
    year = found["year"] if "year" in found else clock.wall(now).year
    if "month" in found or "day" in found:
        return date(year, found["month"], found["day"]), False
    number = _day_of_year(found, year)
    if number is None:
        return clock.wall(now).date().replace(year=year), True
    return date(year, 1, 1) + timedelta(days=number - 1), False


def _day_of_year(found: Mapping[str, int], year: int) -> int | None:
    """Return the number of the day in the year, 1 for the first, from itself or from week and weekday."""
    if "day of year" in found:
        return found["day of year"]
    if "weekday" not in found:
        return None
    for meaning, monday in (("week from sunday", 1), ("week from monday", 0)):
        if meaning in found:
            weekday = (found["weekday"] + monday) % 7
            before = (date(year, 1, 1).weekday() + monday) % 7  # days of the first week that are last year's
            # Week 1 starts with the first Sunday (Monday); days before it are week 0.
            start = 1 - before if found[meaning] == 0 else 1 + (-before) % 7 + 7 * (found[meaning] - 1)
            return start + weekday
    return None


def _hour(found: Mapping[str, int]) -> int:
    """Return the hour of the day; twelve o'clock is the first hour of its half."""
    if "hour of half" not in found:
        return found.get("hour", 0)
    hour, half = found["hour of half"], found.get("half", 0)
    return half if hour == 12 else hour + half
