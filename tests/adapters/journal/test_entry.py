"""An entry as a line."""

from __future__ import annotations

import pytest

from banish.adapters.journal.entry import microseconds_of, text_of, time_of
from banish.core.model import Instant


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"_HOSTNAME": "h", "SYSLOG_IDENTIFIER": "s", "_COMM": "x", "_PID": "1"}, "h s[1]:"),
        ({"SYSLOG_IDENTIFIER": "a", "SYSLOG_PID": "2", "_PID": "1", "MESSAGE": "m"}, "a[2]: m"),
        ({"_COMM": "b", "MESSAGE": "one\ntwo"}, "b: one\\ntwo"),
        ({"_PID": "1", "MESSAGE": [104, 255]}, "h\ufffd"),
        ({"MESSAGE": ["a", [98], None, 7]}, "a b  "),
        ({"_COMM": "kernel", "__MONOTONIC_TIMESTAMP": "1500000", "MESSAGE": "m"}, "kernel: [    1.500000] m"),
        ({"_COMM": "kernel"}, "kernel: [    0.000000]"),
        ({}, ""),
    ],
)  # fmt: skip
def test_an_entry_has_the_parts_that_are_known(fields: dict[str, object], text: str) -> None:
    assert text == text_of(fields)


def test_the_time_is_that_of_the_program_if_it_tells() -> None:
    assert 2_000_000 == microseconds_of(
        {"_SOURCE_REALTIME_TIMESTAMP": "2000000", "__REALTIME_TIMESTAMP": "3"}
    )
    assert Instant(1.5) == time_of({"__REALTIME_TIMESTAMP": "1500000"})
    assert Instant(0) == time_of({})
