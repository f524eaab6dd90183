"""Times that are written as a number: seconds since 1970, longer counts of them, TAI64N labels.

They name a point in time by themselves; no zone plays a part.
"""

from banish.core.model import Instant

# Ten or eleven digits last until the year 5138.
EPOCH = r"\d{10,11}\b(?:\.\d{3,6})?"
LONG_EPOCH = r"\d{10,11}(?:\d{3}(?:\.\d{1,6}|\d{3})?)?"
TAI64N = "@[0-9a-f]{24}"

# Where a bare number may stand without being taken for a date by chance.
PLACES = r"(?:^|(?<=^\[)|(?<=\baudit\())"


def seconds(text: str) -> Instant:
    """Read an `EPOCH`, with its fraction."""
    return Instant(float(text))


def long_seconds(text: str) -> Instant:
    """Read a `LONG_EPOCH`: by its length it counts seconds, thousandths or millionths of them."""
    number = float(text)
    if len(text) >= 16 and "." not in text:
        return Instant(number / 1_000_000)
    return Instant(number / 1_000 if len(text) >= 13 else number)


def tai64n(text: str) -> Instant:
    """Read a `TAI64N` label without its nanoseconds, and without a correction for leap seconds.

    Source: https://cr.yp.to/libtai/tai64.html; the leading 4 is the bit that says "after 1970".
    """
    return Instant(int(text[2:17], 16))
