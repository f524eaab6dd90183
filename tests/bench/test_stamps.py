from __future__ import annotations

import time

from bench.stamps import ACCESS, SYSLOG, stamps

NOW = 1_763_673_171.0


def test_they_end_at_the_end_and_go_back_a_span() -> None:
    written = list(stamps(100, NOW, ACCESS, span=50))
    assert 100 == len(written)
    assert time.strftime(ACCESS, time.gmtime(NOW)) == written[-1]
    assert time.strftime(ACCESS, time.gmtime(NOW - 50)) == written[0]
    assert sorted(written) == written


def test_syslog_has_local_time_and_pads_days() -> None:
    third = time.mktime((2025, 11, 3, 4, 5, 6, 0, 0, -1))
    assert ["Nov  3 04:05:06"] == list(stamps(1, third, SYSLOG, span=1))
