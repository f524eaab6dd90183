from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest

from banish.adapters.scanners import watchdog
from banish.adapters.scanners.progress import Progress
from banish.adapters.scanners.watchdog import Watchdog
from banish.core.expression import Expression

SOON = 20
STEP = Expression("sshd", "failregex", 0)

pytestmark = pytest.mark.slow


@contextmanager
def process(code: str) -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-S", "-c", f"print(flush=True); {code}"], stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        try:
            yield child.pid
        finally:
            child.kill()


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def timely() -> None:
        async with asyncio.timeout(SOON):
            await story()

    asyncio.run(timely())


def test_who_computes_for_longer_than_the_budget_is_barked_at() -> None:
    async def story() -> None:
        with process("\nwhile True: pass") as pid:
            barked = asyncio.Event()
            Watchdog(pid, None, barked.set).start(0)
            await barked.wait()

    run(story)


def test_who_only_waits_is_given_ten_times_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_BLOCK", 0.03)

    async def story() -> None:
        with process("import time; time.sleep(600)") as pid:
            barked, begun = asyncio.Event(), time.monotonic()
            Watchdog(pid, None, barked.set).start(0)
            await barked.wait()
            assert time.monotonic() - begun >= 0.3

    run(story)


def test_a_long_block_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_BLOCK", 0.05)

    async def story() -> None:
        with process("\nwhile True: pass") as pid:
            barked, begun = asyncio.Event(), time.monotonic()
            Watchdog(pid, None, barked.set).start(600_000)
            await barked.wait()
            assert time.monotonic() - begun >= 0.3

    run(story)


def test_who_is_left_alone_or_gone_is_not_barked_at_for_computing() -> None:
    async def story() -> None:
        barked: list[int] = []
        with process("\nwhile True: pass") as pid:
            dog = Watchdog(pid, None, lambda: barked.append(1))
            dog.start(0)
            dog.stop()
            dog.stop()
            gone = Watchdog(1 << 22, None, lambda: barked.append(2))
            gone.start(0)
            await asyncio.sleep(0.3)  # longer than the budget, in which nothing may happen
            gone.stop()
        assert [] == barked

    run(story)


def test_a_careful_one_has_a_budget_for_each_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "_STEP", 0.1)
    progress = Progress(["sshd"])

    async def story() -> None:
        with process("\nwhile True: pass") as pid:
            barked, begun = asyncio.Event(), time.monotonic()
            Watchdog(pid, progress, barked.set).start(0)
            for line in range(20):
                progress.watch(line, STEP)
                await asyncio.sleep(0.02)  # far less than the budget, many times
            assert not barked.is_set()
            await barked.wait()
            assert time.monotonic() - begun >= 0.4

    run(story)
    progress.close()


def test_a_clock_of_this_process_is_what_the_kernel_says_it_is() -> None:
    dog_time = time.clock_gettime((~os.getpid() << 3) | 2)
    assert abs(time.process_time() - dog_time) < 1
