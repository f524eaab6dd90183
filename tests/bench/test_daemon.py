from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench.daemon import Daemon, Memory, read_memory
from bench.errors import TrialError
from bench.home import Home
from bench.machine import processor

ROLLUP = "Rss:               41000 kB\nPss:               40000 kB\nPss_Anon:          12000 kB\n"
STATUS = "Name:\tpython3\nVmHWM:\t   41000 kB\nVmRSS:\t   40500 kB\nThreads:\t3\n"
PATIENT = r"import os, signal; os.write(1, b'it is ready\n'); signal.pause()"


def test_memory_is_read_in_bytes() -> None:
    assert Memory(now=40_960_000, most=41_984_000) == read_memory(ROLLUP, STATUS)


def test_the_processor_is_named() -> None:
    assert processor("processor\t: 0\nmodel name\t: Fast One\nprocessor\t: 1\n") == "Fast One"


def test_a_processor_without_a_name_is_called_by_its_architecture() -> None:
    assert processor("processor\t: 0\n")


@pytest.mark.slow
def test_a_daemon_is_started_when_it_says_that_it_is_ready(tmp_path: Path) -> None:
    daemon = Daemon("some", Home(tmp_path / "home", None), (sys.executable, "-c", PATIENT), "ready")
    daemon.start()
    assert daemon.memory().now > 1_000_000
    daemon.stop()
    with pytest.raises(TrialError, match="does not run"):
        daemon.memory()


@pytest.mark.slow
def test_the_memory_of_all_its_processes_counts(tmp_path: Path) -> None:
    alone = Daemon("alone", Home(tmp_path / "alone", None), (sys.executable, "-c", PATIENT), "ready")
    script = f'{sys.executable} -c "{PATIENT}" & {sys.executable} -c "{PATIENT}" & wait'
    many = Daemon(
        "many", Home(tmp_path / "many", None), ("sh", "-c", script), "ready\nit is ready", farewell=0
    )
    alone.start()
    try:
        many.start()
        assert many.memory().most > 1.5 * alone.memory().most
    finally:
        alone.stop()
        many.stop()


@pytest.mark.slow
def test_a_daemon_that_does_not_hear_is_killed(tmp_path: Path) -> None:
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + PATIENT
    daemon = Daemon(
        "deaf", Home(tmp_path / "home", None), (sys.executable, "-c", deaf), "ready", farewell=0.01
    )
    daemon.start()
    daemon.stop()
    with pytest.raises(TrialError, match="does not run"):
        daemon.memory()


def test_a_daemon_that_ends_instead_is_quoted(tmp_path: Path) -> None:
    words = ("sh", "-c", "echo out of luck; exit 1")
    daemon = Daemon("some", Home(tmp_path / "home", None), words, "ready")
    with pytest.raises(TrialError, match="some has ended: out of luck"):
        daemon.start()
    daemon.stop()
