from __future__ import annotations

import os
from pathlib import Path

import pytest

from banish.adapters.surroundings.processes import ROUND_SECONDS, Process, Processes


class Table:
    """A process table made of files, and a clock."""

    def __init__(self, proc: Path) -> None:
        self.proc = proc
        self.now = 0.0
        self.processes = Processes(proc, lambda: self.now)
        (proc / "self").mkdir()

    def put(self, pid: int, comm: str) -> Path:
        path = self.proc / str(pid)
        path.mkdir(exist_ok=True)
        (path / "comm").write_text(f"{comm}\n")
        return path

    def candidates(self) -> list[int]:
        return sorted(self.processes.candidates())


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def test_candidates_are_told_by_their_name(table: Table) -> None:
    for pid, comm in enumerate(("init", "sshd", "bash", "sshd-session", "(sshd)", "ssh"), start=1):
        table.put(pid, comm)
    (table.proc / "9").mkdir()  # gone while we look
    assert table.candidates() == [2, 4, 5]
    assert table.candidates() == [2, 4, 5]


def test_a_new_process_is_seen_at_once(table: Table) -> None:
    table.put(1, "init")
    table.candidates()
    table.put(2, "sshd")
    assert table.candidates() == [2]


def test_a_number_that_was_given_out_again_is_seen_at_once(table: Table) -> None:
    path = table.put(2, "bash")
    table.candidates()
    (path / "comm").unlink()
    path.rename(table.proc / "gone")
    table.candidates()
    table.put(2, "sshd")
    assert table.candidates() == [2]


def test_a_process_that_became_sshd_is_seen_within_a_round(table: Table) -> None:
    for pid in range(1, 9):
        table.put(pid, "bash")
    table.candidates()
    for pid in range(1, 9):
        table.put(pid, "sshd")
    seen = []
    for _ in range(4):
        table.now += ROUND_SECONDS / 4
        seen.append(len(table.candidates()))
    assert seen == [2, 4, 6, 8]


def describe(proc: Path, status: str, exe: str = "/usr/sbin/sshd") -> Process | None:
    (proc / "7").mkdir()
    (proc / "7" / "exe").symlink_to(exe)
    (proc / "7" / "status").write_text(status)
    return Processes(proc, lambda: 0.0).sshd(7)


def test_a_process_of_sshd_is_described(tmp_path: Path) -> None:
    status = "Name:\tsshd\nPPid:\t3\nUid:\t5\t5\t5\t5\nSeccomp:\t2\nSeccomp_filters:\t1\n"
    assert describe(tmp_path, status) == Process(7, 3, 5, (b"2", b"1"))


@pytest.mark.parametrize(
    ("status", "exe"),
    [
        ("PPid:\t3\nUid:\t5\t5\t5\t5\n", "/usr/bin/bash"),
        ("PPid:\t3\nUid:\t5\t5\t5\t5\n", "/home/sshd/bash"),
        ("PPid:\t3\nUid:\t5\t0\t0\t0\n", "/usr/sbin/sshd"),
        ("Uid:\t5\t5\t5\t5\n", "/usr/sbin/sshd"),
        ("", "/usr/sbin/sshd"),
    ],
)
def test_other_processes_are_nothing(tmp_path: Path, status: str, exe: str) -> None:
    assert describe(tmp_path, status, exe) is None


def test_a_process_that_has_gone_has_no_program_title_or_sockets(tmp_path: Path) -> None:
    processes = Processes(tmp_path, lambda: 0.0)
    assert processes.sshd(7) is None
    assert processes.title(7) == ""
    assert processes.sockets(7) == frozenset()


def test_a_directory_in_place_of_a_file_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "7" / "cmdline").mkdir(parents=True)
    assert Processes(tmp_path, lambda: 0.0).title(7) == ""


def test_the_real_table_knows_this_process() -> None:
    processes = Processes(Path("/proc"), lambda: 0.0)
    assert "python" in processes.title(os.getpid())
    assert os.getpid() not in list(processes.candidates())


def test_only_sockets_count_among_the_descriptors(tmp_path: Path) -> None:
    descriptors = tmp_path / "7" / "fd"
    descriptors.mkdir(parents=True)
    for number, target in enumerate(("/dev/null", "socket:[12]", "pipe:[13]", "socket:[14]")):
        (descriptors / str(number)).symlink_to(target)
    assert Processes(tmp_path, lambda: 0.0).sockets(7) == {12, 14}
