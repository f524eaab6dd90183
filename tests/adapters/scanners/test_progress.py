from __future__ import annotations

import struct

from banish.adapters.scanners.progress import Progress, Step
from banish.core.expression import KEYS, Expression

JAILS = ("sshd", "web")


def test_nothing_is_done_before_the_first_step() -> None:
    progress = Progress(JAILS)
    assert progress.read() is None
    progress.close()


def test_the_last_step_can_be_read_and_every_step_has_a_number() -> None:
    progress = Progress(JAILS)
    progress.task = 4
    progress.watch(5, Expression("sshd", KEYS[0], 0))
    progress.watch(6, Expression("web", "failregex", 2))
    assert Step(2, 4, 6, Expression("web", "failregex", 2)) == progress.read()
    progress.close()


def test_nonsense_is_nothing() -> None:
    progress = Progress(JAILS)
    for jail, key in ((2, 0), (0, len(KEYS))):
        struct.pack_into("=QQIIII", progress._memory, 0, 1, 1, 0, jail, key, 0)
        assert progress.read() is None
    progress.close()
