from __future__ import annotations

import inspect

import pytest

from banish.adapters.firewalls.memory import Memory
from banish.adapters.firewalls.nftables import Nftables
from banish.adapters.logs import FileLog, Logs, OperatorLog, StreamLog
from banish.adapters.oracle import WorldOracle
from banish.adapters.scanners.local import LocalMatcher
from banish.adapters.scanners.pool import ScannerPool
from banish.adapters.scripts.none import NoScripts
from banish.adapters.scripts.runner import ScriptRunner
from banish.adapters.sources.file import FileSource
from banish.adapters.sources.journal import JournalSource
from banish.adapters.sources.memory import MemorySource
from banish.adapters.store.memory import MemoryStore
from banish.adapters.store.sqlite import SqliteStore
from banish.daemon import ports

ADAPTERS = [
    (ports.Source, FileSource),
    (ports.Source, MemorySource),
    (ports.Matcher, LocalMatcher),
    (ports.Matcher, ScannerPool),
    (ports.Firewall, Memory),
    (ports.Firewall, Nftables),
    (ports.Store, MemoryStore),
    (ports.Store, SqliteStore),
    (ports.Log, OperatorLog),
    (ports.Log, StreamLog),
    (ports.Log, FileLog),
    (ports.Log, Logs),
    (ports.Oracle, WorldOracle),
    (ports.Scripts, NoScripts),
    (ports.Scripts, ScriptRunner),
    (ports.Source, JournalSource),
]


def methods(port: type) -> list[str]:
    return [
        name for name, value in vars(port).items() if inspect.isfunction(value) and not name.startswith("_")
    ]


@pytest.mark.parametrize(("port", "adapter"), ADAPTERS, ids=lambda each: each.__name__)
def test_an_adapter_has_what_its_port_asks_for_by_the_same_names(port: type, adapter: type) -> None:
    for name in methods(port):
        wanted = inspect.signature(getattr(port, name)).parameters
        given = inspect.signature(getattr(adapter, name)).parameters
        assert list(wanted) == list(given), f"{adapter.__name__}.{name}"


def test_every_port_has_an_adapter() -> None:
    known = {port for port, _ in ADAPTERS}
    assert known == {
        each for each in vars(ports).values() if getattr(each, "_is_protocol", False) and methods(each)
    }


def test_ports_are_narrow() -> None:
    assert all(len(methods(port)) <= 6 for port, _ in ADAPTERS)
