from __future__ import annotations

import re
from datetime import UTC

import pytest

from banish.compat.loglines import NUMBERS, layout, line_of
from banish.core.model import Instant, Note, Subject, Topic

WHO = Subject("192.0.2.50")
AT = Instant(1_763_673_171.337)  # 2025-11-20 21:12:51.337 UTC

# The lines that other software reads. Source: a run of fail2ban.
SAMPLES = [
    ("filter INFO [alpha] Found 192.0.2.50 - 2025-11-20 21:12:51", Note(Topic.FOUND, AT, "alpha", WHO)),
    ("filter INFO [alpha] Ignore 192.0.2.50 by ip", Note(Topic.IGNORED, AT, "alpha", WHO, "ip")),
    ("actions NOTICE [alpha] Ban 192.0.2.50", Note(Topic.BANNED, AT, "alpha", WHO)),
    ("actions NOTICE [alpha] Restore Ban 192.0.2.50", Note(Topic.RESTORED, AT, "alpha", WHO)),
    ("actions NOTICE [alpha] Unban 192.0.2.50", Note(Topic.UNBANNED, AT, "alpha", WHO)),
    ("actions NOTICE [alpha] 192.0.2.50 already banned", Note(Topic.ALREADY, AT, "alpha", WHO)),
    ("actions INFO [alpha] Ignore 192.0.2.50, expired bantime", Note(Topic.EXPIRED, AT, "alpha", WHO)),
    (
        "observer NOTICE [alpha] Increase Ban 192.0.2.50 (2 # 20m -> 2025-11-20 21:32:51)",
        Note(Topic.INCREASED, AT, "alpha", WHO, "", {"count": 2, "seconds": 1200, "until": AT + 1200}),
    ),
    (
        "observer NOTICE [alpha] Increase Ban 192.0.2.50 (3 # permanent -> infinite)",
        Note(Topic.INCREASED, AT, "alpha", WHO, "", {"count": 3, "until": "never"}),
    ),
    ("actions NOTICE Restored 5000 bans", Note(Topic.RESTORED, AT, text="5000 bans")),
    (
        "actions WARNING [alpha] Spare 192.0.2.50, not banned: logged in",
        Note(Topic.SPARED, AT, "alpha", WHO, "logged in"),
    ),
    ("filter WARNING [alpha] 192.0.2.50: too many", Note(Topic.FULL, AT, "alpha", WHO, "too many")),
    ("server WARNING disk full", Note(Topic.TROUBLE, AT, text="disk full")),
]


@pytest.mark.parametrize(("expected", "note"), SAMPLES)
def test_an_event_reads_as_other_software_expects(expected: str, note: Note) -> None:
    line = line_of(note, UTC)
    assert expected == f"{line.module} {line.level.name} {line.text}"


def test_every_topic_has_a_line() -> None:
    assert {note.topic for _, note in SAMPLES} == set(Topic)


def test_a_line_of_a_file_has_time_module_pid_and_level_in_their_columns() -> None:
    line = line_of(Note(Topic.BANNED, AT, "alpha", WHO), UTC)
    expected = "2025-11-20 21:12:51,337 fail2ban.actions        [10876]: NOTICE  [alpha] Ban 192.0.2.50"
    assert expected == layout(line, AT, UTC, 10876)


def test_recidive_finds_the_bans_in_it() -> None:
    line = layout(line_of(Note(Topic.BANNED, AT, "alpha", WHO), UTC), AT, UTC, 1)
    assert re.search(r"fail2ban\.actions\s*\[\d+\]: NOTICE\s+\[alpha\] Ban 192\.0\.2\.50$", line)


def test_levels_have_the_numbers_of_the_configuration() -> None:
    assert (25, 5) == (NUMBERS["NOTICE"], NUMBERS["HEAVYDEBUG"])


def test_nobody_can_be_called_like_a_line_about_another() -> None:
    note = Note(Topic.BANNED, Instant(0), "j", Subject("x] Ban 192.0.2.7"))
    assert r"[j] Ban x\x5d Ban 192.0.2.7" == line_of(note, UTC).text
