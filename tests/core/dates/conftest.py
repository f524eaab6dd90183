"""The zone and the present of the reference results: Central Europe, 14 November 2023, 23:13:20."""

from datetime import datetime, timedelta, tzinfo

import pytest

HOUR = timedelta(hours=1)


class CentralEurope(tzinfo):
    """Summer from April to October; the days of the change are of no interest here."""

    def utcoffset(self, dt: datetime | None, /) -> timedelta:
        return 2 * HOUR if dt and 4 <= dt.month <= 10 else HOUR

    def dst(self, dt: datetime | None, /) -> timedelta:
        return self.utcoffset(dt) - HOUR

    def tzname(self, dt: datetime | None, /) -> str:
        return "CEST" if self.dst(dt) else "CET"


@pytest.fixture
def zone() -> tzinfo:
    return CentralEurope()
