"""No actions on a dry run."""

from __future__ import annotations

import asyncio

from banish.adapters.scripts.none import NoScripts
from banish.daemon.ports import Scripts


def test_it_is_what_the_daemon_asks_for() -> None:
    scripts: Scripts = NoScripts()
    scripts.ban([])
    scripts.unban([])
    assert asyncio.run(scripts.call(("j", "a"), "start", {})) is None
