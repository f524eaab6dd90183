from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asyncinotify import Inotify

from banish.adapters.sources import watch
from banish.adapters.sources.watch import Changes, Watcher

KEY = (1, 2)
SOON = 10


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    watcher = Watcher()
    yield watcher
    watcher.close()


def test_a_file_is_told_once_for_each_watch(
    tmp_path: Path, watcher: Watcher, write: Callable[[Path, bytes], None]
) -> None:
    log = tmp_path / "x.log"
    log.touch()
    descriptor = os.open(log, os.O_RDONLY)
    assert watcher.watch_file(descriptor, KEY)
    assert watcher.is_watching(KEY)
    log.rename(tmp_path / "renamed")
    write(tmp_path / "renamed", b"one\n")
    assert Changes({KEY}) == watcher.changes()
    assert not watcher.is_watching(KEY)
    write(tmp_path / "renamed", b"two\n")
    assert Changes() == watcher.changes()
    assert watcher.watch_file(descriptor, KEY)
    watcher.keep_files({KEY})
    assert watcher.is_watching(KEY)
    watcher.keep_files(())
    write(tmp_path / "renamed", b"three\n")
    assert Changes() == watcher.changes()
    os.close(descriptor)


def test_only_names_that_are_awaited_count(tmp_path: Path, watcher: Watcher) -> None:
    places = {str(tmp_path): {"*.log"}, f"{tmp_path}/": {"x.txt"}, str(tmp_path / "missing"): {"*"}}
    assert watcher.watch_directories(places)
    assert not watcher.watch_directories(places)
    (tmp_path / "other").touch()
    assert Changes() == watcher.changes()
    for name in ("x.log", "x.txt"):
        (tmp_path / name).touch()
        assert Changes(anything=True) == watcher.changes()


def test_a_directory_that_moves_is_a_change_and_watched_no_more(tmp_path: Path, watcher: Watcher) -> None:
    one = tmp_path / "one"
    one.mkdir()
    assert watcher.watch_directories({str(one): {"*"}})
    one.rename(tmp_path / "two")
    assert Changes(anything=True) == watcher.changes()
    (tmp_path / "two" / "x").touch()
    assert Changes() == watcher.changes()
    one.mkdir()
    assert watcher.watch_directories({str(one): {"*"}})
    one.rmdir()
    assert Changes(anything=True) == watcher.changes()


def test_a_directory_that_is_no_longer_named_is_watched_no_more(tmp_path: Path, watcher: Watcher) -> None:
    assert watcher.watch_directories({str(tmp_path): {"*"}})
    assert not watcher.watch_directories({})
    (tmp_path / "x").touch()
    assert Changes() == watcher.changes()
    assert watcher.watch_directories({str(tmp_path): {"*"}})
    watcher.close()
    assert not watcher.watch_directories({})


def test_waiting_ends_with_a_change_a_call_or_the_time(tmp_path: Path, watcher: Watcher) -> None:
    async def dialogue() -> None:
        watcher.watch_directories({str(tmp_path): {"*"}})
        waiting = asyncio.ensure_future(watcher.wait(3600))
        await asyncio.sleep(0)
        (tmp_path / "x").touch()
        await asyncio.wait_for(waiting, SOON)
        assert Changes(anything=True) == watcher.changes()
        waiting = asyncio.ensure_future(watcher.wait(3600))
        await asyncio.sleep(0)
        watcher.wake()
        watcher.wake()
        await asyncio.wait_for(waiting, SOON)
        await asyncio.wait_for(watcher.wait(0), SOON)
        waiting = asyncio.ensure_future(watcher.wait(3600))
        await asyncio.sleep(0)
        watcher.close()
        await asyncio.wait_for(waiting, SOON)
        assert not watcher.watch_file(0, KEY)
        waiting = asyncio.ensure_future(watcher.wait(3600))
        await asyncio.sleep(0)
        watcher.close()
        await asyncio.wait_for(waiting, SOON)

    asyncio.run(dialogue())


def test_what_is_left_over_from_a_flood_is_not_waited_for(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_MOST_EVENTS", 2)
    watcher.watch_directories({str(tmp_path): {"x"}})
    for name in "abx":
        (tmp_path / name).touch()
    assert Changes() == watcher.changes()
    asyncio.run(
        asyncio.wait_for(watcher.wait(3600), SOON)
    )  # the library holds the rest, the descriptor nothing
    assert Changes(anything=True) == watcher.changes()


def test_limits_of_the_kernel_are_named(
    tmp_path: Path, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def refuse_oddly(*_: object, **__: object) -> None:
        raise OSError("odd")

    monkeypatch.setattr(Inotify, "add_watch", refuse)
    assert not watcher.watch_file(0, KEY)
    assert watcher.error == "No space left on device"
    monkeypatch.setattr(Inotify, "add_watch", refuse_oddly)
    assert not watcher.watch_directories({str(tmp_path): {"*"}})
    assert watcher.error == "odd"
    monkeypatch.setattr(watch, "Inotify", refuse)
    without = Watcher()
    assert without.error == "No space left on device"
    assert Changes() == without.changes()
    without.keep_files(())
    without.close()
