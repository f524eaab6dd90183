"""The journal, followed: a stand-in for journalctl, and where it is there the real one on a real journal."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC
from pathlib import Path

import pytest

from banish.adapters.journal.query import Query
from banish.adapters.sources import journal
from banish.adapters.sources.journal import JournalSource
from banish.core.model import Cursor, Instant, Lines

SOON = 20
REMOTE = Path("/lib/systemd/systemd-journal-remote")


def entry(number: int) -> str:
    at = 1_795_168_801_000_000 + number
    return json.dumps({"MESSAGE": f"m{number}", "__CURSOR": f"c{number}", "__REALTIME_TIMESTAMP": str(at)})


@pytest.fixture
def journalctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Put a journalctl into the path that is this script, and keeps what it was asked."""

    def write(script: str) -> Path:
        program = tmp_path / "bin" / "journalctl"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/asked\n{script}\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return tmp_path / "asked"

    monkeypatch.setattr(journal, "_PAUSES", (0.01,))
    monkeypatch.setattr(journal, "machine_id", lambda: "m")
    return write


def source(said: list[str] | None = None, silence: float = 60, **cursors: str) -> JournalSource:
    at = {name: Cursor(name, position) for name, position in cursors.items()}
    notices = [] if said is None else said
    return JournalSource(
        {"j": Query(matches=(("A=1",), ("B=2",)))},
        at,
        lambda _: Instant(1000.5),
        UTC,
        notice=notices.append,
        silence=silence,
    )


async def take(blocks: AsyncIterator[Lines], messages: int) -> list[str]:
    found: list[str] = []
    async with asyncio.timeout(SOON):
        while len(found) < messages:
            lines = await anext(blocks)
            found += [line.split()[-1] for line in lines.block.decode().splitlines()]
    return found


async def end(blocks: AsyncIterator[Lines], made: JournalSource) -> None:
    made.close()
    await blocks.aclose()  # type: ignore[attr-defined] # it is a generator


def test_entries_come_and_it_begins_where_it_is_told(journalctl: Callable[[str], Path]) -> None:
    asked = journalctl(f"echo '{entry(1)}'; echo '{entry(2)}'; exec sleep 100")

    async def run(made: JournalSource) -> None:
        blocks = made.blocks()
        assert ["m1", "m2"] == await take(blocks, 2)
        await end(blocks, made)

    asyncio.run(run(source()))
    asyncio.run(run(source(j="c0")))
    first, second = asked.read_text().splitlines()
    assert "--follow" in first
    assert first.endswith("--since=@1000 --merge A=1 _MACHINE_ID=m + B=2 _MACHINE_ID=m")
    assert second.endswith("--cursor=c0 --merge A=1 _MACHINE_ID=m + B=2 _MACHINE_ID=m")


def test_a_reader_that_ends_is_started_again_behind_the_last_entry(
    journalctl: Callable[[str], Path],
) -> None:
    asked = journalctl(
        f"case $* in *-cursor=c1*) echo '{entry(2)}'; exec sleep 100;; esac\n"
        f"echo '{entry(1)}'; echo oops >&2; exit 3"
    )
    said: list[str] = []

    async def run() -> None:
        made = source(said)
        blocks = made.blocks()
        assert ["m1", "m2"] == await take(blocks, 2)
        assert [""] == [state.error for state in made.status()]
        await end(blocks, made)

    asyncio.run(run())
    assert 2 == len(asked.read_text().splitlines())
    assert ["j: journalctl ended: oops; it is started again in 0.01 s, behind the last entry"] == said


def test_a_machine_without_journalctl_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    heard = asyncio.Event()
    said: list[str] = []

    def notice(text: str) -> None:
        said.append(text)
        heard.set()

    async def run() -> None:
        made = JournalSource({"j": Query()}, {}, lambda _: Instant(0), UTC, notice=notice)
        blocks = made.blocks()
        waiting = asyncio.ensure_future(anext(blocks))
        await asyncio.wait_for(heard.wait(), SOON)
        assert "No such file" in made.status()[0].error
        made.close()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(run())
    assert said[0].startswith("j: journalctl: No such file or directory")


def test_a_reader_that_fell_silent_is_killed_and_started_again(journalctl: Callable[[str], Path]) -> None:
    journalctl(
        f"case $* in *--lines=1*) echo '{entry(2)}'; exit 0;;\n"
        f"*-cursor=c1*) echo '{entry(2)}'; exec sleep 100;; esac\n"
        f"echo '{entry(1)}'; exec sleep 100"
    )
    said: list[str] = []

    async def run() -> None:
        made = source(said, silence=0.05)
        blocks = made.blocks()
        assert ["m1", "m2"] == await take(blocks, 2)
        await end(blocks, made)

    asyncio.run(run())
    assert "j: journalctl fell silent; it is started again" == said[0]


def test_a_reader_with_nothing_to_tell_is_left_alone(journalctl: Callable[[str], Path]) -> None:
    asked = journalctl(f"case $* in *--lines=1*) exit 0;; esac; echo '{entry(1)}'; exec sleep 100")
    said: list[str] = []

    async def run() -> None:
        made = source(said, silence=0.05)
        blocks = made.blocks()
        await take(blocks, 1)
        waiting = asyncio.ensure_future(anext(blocks))
        async with asyncio.timeout(SOON):
            while asked.read_text().count("--lines=1") < 2:  # noqa: ASYNC110 - the script cannot tell us
                await asyncio.sleep(0.01)
        made.close()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(run())
    assert [] == said


def test_a_journalctl_that_does_not_say_whether_there_is_more_is_killed(
    journalctl: Callable[[str], Path], tmp_path: Path
) -> None:
    pids = tmp_path / "pids"
    journalctl(f"case $* in *--lines=1*) echo $$ >> {pids};; *) echo '{entry(1)}';; esac; exec sleep 100")

    def is_over() -> bool:
        asked = pids.read_text().split() if pids.exists() else []
        return len(asked) > 1 and not Path("/proc", asked[0]).exists()

    async def run() -> None:
        made = source(silence=0.05)
        blocks = made.blocks()
        await take(blocks, 1)
        waiting = asyncio.ensure_future(anext(blocks))
        async with asyncio.timeout(SOON):
            while not is_over():  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(0.01)
        made.close()
        await asyncio.gather(waiting, return_exceptions=True)

    asyncio.run(run())
    assert not any(Path("/proc", asked).exists() for asked in pids.read_text().split())


def test_what_is_paused_waits(journalctl: Callable[[str], Path]) -> None:
    journalctl(f"echo '{entry(1)}'; exec sleep 100")

    async def run() -> None:
        made = source()
        made.pause("j")
        blocks = made.blocks()
        waiting = asyncio.ensure_future(anext(blocks))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        made.resume("j")
        assert b"m1" in (await asyncio.wait_for(waiting, SOON)).block
        await end(blocks, made)

    asyncio.run(run())


def write(
    path: Path, first: int, count: int, unit: str = "a.service", boot: str = "0123456789abcdef"
) -> None:
    """Append entries to a real journal."""
    now = int(time.time() * 1e6)
    text = "".join(
        f"__REALTIME_TIMESTAMP={now + number}\n__MONOTONIC_TIMESTAMP={number + 1}\n"
        f"_BOOT_ID={boot * 2}\n_COMM=x\n_SYSTEMD_UNIT={unit}\nMESSAGE=m{number}\n\n"
        for number in range(first, first + count)
    )
    subprocess.run([REMOTE, "-o", path, "-"], input=text.encode(), check=True, capture_output=True)


@pytest.mark.slow
def test_a_real_journal_is_followed_and_taken_up_again(tmp_path: Path) -> None:
    if not REMOTE.exists() or shutil.which("journalctl") is None:
        pytest.skip("needs journalctl and systemd-journal-remote (Debian's package of that name)")
    path = tmp_path / "t.journal"
    query = {"j": Query((f"--file={path}",), (("_SYSTEMD_UNIT=a.service",),))}

    async def run(first: int, cursors: dict[str, Cursor]) -> str:
        made = JournalSource(query, cursors, lambda _: Instant(time.time() - 600), UTC)
        blocks = made.blocks()
        found: list[Lines] = []

        async def take_until(count: int) -> None:
            async with asyncio.timeout(SOON):
                while sum(lines.block.count(b"\n") for lines in found) < count:
                    found.append(await anext(blocks))

        await take_until(3)
        await asyncio.to_thread(write, path, first + 3, 2)
        await take_until(5)
        assert found[-1].live
        await end(blocks, made)
        text = b"".join(lines.block for lines in found).decode()
        assert [f"m{first + n}" for n in range(5)] == [line.split()[-1] for line in text.splitlines()]
        return found[-1].cursor.position

    write(path, 0, 3)
    write(path, 100, 3, "other.service")
    position = asyncio.run(run(0, {}))
    write(path, 5, 3)
    asyncio.run(run(5, {"j": Cursor("j", position)}))


@pytest.mark.slow
def test_entries_from_before_a_start_of_the_machine_are_read_and_none_behind_it_is_left_out(
    tmp_path: Path,
) -> None:
    if not REMOTE.exists() or shutil.which("journalctl") is None:
        pytest.skip("needs journalctl and systemd-journal-remote (Debian's package of that name)")
    path = tmp_path / "t.journal"
    query = {"j": Query((f"--file={path}",), (("_SYSTEMD_UNIT=a.service",),))}

    async def run(cursors: dict[str, Cursor], expected: list[str]) -> str:
        made = JournalSource(query, cursors, lambda _: Instant(time.time() - 600), UTC)
        blocks = made.blocks()
        found: list[str] = []
        position = ""
        async with asyncio.timeout(SOON):
            while len(found) < len(expected):
                lines = await anext(blocks)
                found += [line.split()[-1] for line in lines.block.decode().splitlines()]
                position = lines.cursor.position
        await end(blocks, made)
        assert expected == found
        return position

    write(path, 0, 2, boot="a" * 16)
    position = asyncio.run(run({}, ["m0", "m1"]))
    write(path, 2, 2, boot="a" * 16)
    write(path, 4, 2, boot="b" * 16)
    later = asyncio.run(run({"j": Cursor("j", position)}, ["m2", "m3", "m4", "m5"]))
    write(path, 6, 1, boot="c" * 16)
    asyncio.run(run({"j": Cursor("j", later)}, ["m6"]))
