"""The whole daemon on a real kernel, in a network namespace of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from banish.faces.control.client import ask

pytestmark = pytest.mark.slow

PATIENCE = 20.0  # seconds; a daemon is ready in one
BANISH = [sys.executable, "-m", "banish.faces.cli.main"]


class Machine:
    """A network namespace that outlives the daemons in it, and a configuration."""

    def __init__(self, directory: Path, holder: subprocess.Popen[bytes]) -> None:
        self.directory = directory
        self.log = directory / "log"
        self.daemon: subprocess.Popen[str] | None = None
        self.environment: dict[str, str] = {}
        self.words: tuple[str, ...] = ()
        self._enter = [shutil.which("nsenter") or "nsenter", "-t", str(holder.pid), "-n"]
        if os.geteuid() != 0:
            self._enter += ["-U", "--preserve-credentials"]

    def run(self, *words: str) -> str:
        return subprocess.run([*self._enter, *words], capture_output=True, text=True, check=True).stdout

    def start(self, *, until: str = "guarding") -> list[str]:
        """Start the daemon; returns what it says until the line that begins with a word."""
        command = [*self._enter, *BANISH, "run", "-c", str(self.directory), *self.words]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", **self.environment}
        self.daemon = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )
        return self.hear(until)

    def hear(self, *words: str) -> list[str]:
        """Wait for a line that begins with these words."""
        assert self.daemon is not None
        assert self.daemon.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1].split()[: len(words)] != list(words):
            line = self.daemon.stdout.readline()
            assert line, lines
            lines.append(line)
        return lines

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.daemon is not None
        self.daemon.send_signal(number)
        status = self.daemon.wait(PATIENCE)
        assert self.daemon.stdout is not None
        self.daemon.stdout.close()
        self.daemon = None
        return status

    def fail(self, address: str, times: int = 2) -> None:
        with self.log.open("a") as file:
            file.writelines(f"failed from {address}\n" for _ in range(times))

    def ask(self, verb: str, **arguments: Any) -> Any:
        return ask(str(self.directory / "control.sock"), verb, arguments)

    def enforced(self) -> list[str]:
        """Who is in the kernel's sets, by nft's own word."""
        try:
            listing = json.loads(self.run("nft", "-j", "list", "table", "inet", "banish"))["nftables"]
        except subprocess.CalledProcessError:
            return []
        elements = (each for item in listing for each in item.get("set", {}).get("elem", ()))
        return sorted(each["elem"]["val"] if isinstance(each, dict) else each for each in elements)

    def await_that(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.01)  # the kernel tells nobody that a set is as we want it


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    rights = "-n" if os.geteuid() == 0 else "-Urn"
    with subprocess.Popen(
        ["unshare", rights, "sh", "-c", "echo; exec sleep 600"], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        if not holder.stdout.readline():
            pytest.skip(
                "needs root, or unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)"
            )
        configure(tmp_path)
        machine = Machine(tmp_path, holder)
        try:
            yield machine
        finally:
            if machine.daemon is not None:
                machine.end(signal.SIGKILL)
            holder.kill()


def configure(directory: Path, server: str = "") -> None:
    (directory / "filter.d").mkdir()
    (directory / "filter.d" / "web.conf").write_text(
        "[Definition]\nfailregex = ^failed from <HOST>$\ndatepattern = {NONE}\n"
    )
    (directory / "jail.conf").write_text(
        f"[web]\nenabled = true\nfilter = web\naction = native[port=80]\nlogpath = {directory}/log\n"
        "usedns = no\nmaxretry = 2\nbantime = 1h\n"
    )
    (directory / "fail2ban.conf").write_text(
        f"[Definition]\nlogtarget = {directory}/fail2ban.log\nsocket = {directory}/control.sock\n"
        f"dbfile = {directory}/banish.sqlite3\n{server}"
    )
    (directory / "log").touch()


def test_failures_in_a_log_put_their_address_into_the_kernel(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7")
    machine.fail("2001:db8::7")
    machine.fail("198.51.100.8", times=1)
    machine.hear("banned", "jail=web", "address=2001:db8::7")
    assert ["198.51.100.7", "2001:db8::7"] == machine.enforced()


def test_bans_survive_a_stop_and_are_taken_up_at_the_start(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned")
    [before] = machine.ask("bans")["bans"]
    assert 0 == machine.end()
    assert ["198.51.100.7"] == machine.enforced()
    machine.run("nft", "flush", "ruleset")
    assert "restored jail=web address=198.51.100.7" in "".join(machine.start())
    assert ["198.51.100.7"] == machine.enforced()
    assert [before] == machine.ask("bans")["bans"]


def test_bans_end_with_the_daemon_if_so_configured(machine: Machine) -> None:
    with (machine.directory / "fail2ban.conf").open("a") as file:
        file.write("bans_on_stop = remove\n")
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned")
    assert 0 == machine.end()
    assert [] == machine.enforced()
    machine.start()
    assert ["198.51.100.7"] == machine.enforced()


def test_a_killed_daemon_loses_no_ban_and_reads_no_line_twice(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7")
    machine.fail("198.51.100.8", times=1)
    machine.hear("found", "jail=web", "address=198.51.100.8")
    machine.fail("198.51.100.9")  # its ban saves how far the log was read
    machine.hear("banned", "jail=web", "address=198.51.100.9")
    machine.await_that(lambda: len(machine.ask("bans")["bans"]) == 2)
    machine.end(signal.SIGKILL)
    machine.fail("198.51.100.8", times=1)
    said = machine.start()
    assert 2 == sum(line.startswith("restored") for line in said)
    said = machine.hear("found", "jail=web", "address=198.51.100.8")
    assert [] == [line for line in said if "198.51.100.7" in line]
    assert ["198.51.100.7", "198.51.100.9"] == machine.enforced()


def test_bans_of_a_lost_database_are_taken_over_from_the_kernel(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned")
    machine.end(signal.SIGKILL)
    for path in machine.directory.glob("banish.sqlite3*"):
        path.unlink()
    machine.start()
    [ban] = machine.ask("bans")["bans"]
    assert ("198.51.100.7", "kernel") == (ban["subject"], ban["origin"])
    assert 3500 < ban["until"] - time.time() <= 3600
    assert ["198.51.100.7"] == machine.enforced()


def test_a_foreign_flush_is_repaired_within_a_second(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned")
    begun = time.monotonic()
    machine.run("nft", "flush", "ruleset")
    machine.hear("trouble")
    machine.await_that(lambda: machine.enforced() == ["198.51.100.7"])
    assert time.monotonic() - begun < 1


def test_the_program_nft_need_not_be_installed(machine: Machine) -> None:
    machine.environment["PATH"] = "/nowhere"
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned")
    assert ["198.51.100.7"] == machine.enforced()


def test_odd_lines_keep_nobody_in(machine: Machine) -> None:
    machine.start()
    with machine.log.open("ab") as file:
        file.write(b"\0" * 5000 + b"\n" + b"\xff\xfe failed from\n" + b"x" * 2_000_000 + b"\n")
    machine.fail("198.51.100.7")
    machine.hear("banned", "jail=web", "address=198.51.100.7")


def test_a_database_that_cannot_be_opened_does_not_keep_anybody_in(machine: Machine) -> None:
    (machine.directory / "banish.sqlite3").mkdir()
    assert "nothing will be remembered over a restart" in "".join(machine.start())
    machine.fail("198.51.100.7")
    machine.hear("banned")
    assert ["198.51.100.7"] == machine.enforced()


def test_a_log_file_that_cannot_be_written_does_not_keep_anybody_in(machine: Machine) -> None:
    (machine.directory / "fail2ban.log").mkdir()
    assert "fail2ban's lines are not written" in "".join(machine.start())
    machine.fail("198.51.100.7")
    machine.hear("banned")


def test_a_log_that_comes_later_is_read_from_its_beginning(machine: Machine) -> None:
    machine.log.unlink()
    assert "nothing to guard yet" in "".join(machine.start())
    machine.fail("198.51.100.7")
    machine.hear("banned")


def test_without_rights_it_does_not_start_and_says_what_is_missing(tmp_path: Path) -> None:
    configure(tmp_path)
    command = ["unshare", "-U", *BANISH, "run", "-c", str(tmp_path)]
    if os.geteuid() == 0:
        command = [
            "setpriv",
            "--bounding-set",
            "-all",
            "--inh-caps",
            "-all",
            *BANISH,
            "run",
            "-c",
            str(tmp_path),
        ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    assert 2 == result.returncode
    assert "run as root" in result.stderr


def add_an_expression_that_explodes(directory: Path) -> None:
    (directory / "filter.d" / "bad.conf").write_text(
        "[Definition]\nfailregex = ^(?:a+)+b <HOST>$\ndatepattern = {NONE}\n"
    )
    with (directory / "jail.conf").open("a") as file:
        file.write(f"[bad]\nenabled = true\nfilter = bad\naction =\nlogpath = {directory}/log\nusedns = no\n")


def test_a_line_that_an_expression_cannot_take_holds_up_other_jails_for_a_second_at_most(
    machine: Machine,
) -> None:
    add_an_expression_that_explodes(machine.directory)
    machine.start()
    with machine.log.open("a") as file:
        file.write("a" * 50 + "!\n")
    machine.fail("198.51.100.7")
    begun = time.monotonic()
    said = machine.hear("banned", "jail=web", "address=198.51.100.7")
    assert time.monotonic() - begun < 3  # 0.6 s where nothing else runs
    assert "[bad] failregex 1: took too long" in "".join(said)
    [report] = machine.ask("status")["left_out"]
    assert "bad.conf:2 [bad] failregex 1: took too long, and it is left out until the next start" in report
    assert "! " + report in machine.run(*BANISH, "status", "-s", str(machine.directory / "control.sock"))


def test_a_killed_scanner_is_replaced_and_no_line_is_lost(machine: Machine) -> None:
    machine.start()
    machine.fail("198.51.100.7", times=1)
    machine.hear("found", "jail=web", "address=198.51.100.7")
    [scanner] = machine.ask("status")["scanners"]
    os.kill(scanner, signal.SIGKILL)
    machine.hear("trouble")
    machine.fail("198.51.100.7", times=1)
    machine.hear("banned", "jail=web", "address=198.51.100.7")
    [after] = machine.ask("status")["scanners"]
    assert scanner != after


def test_scanners_end_with_the_daemon_however_that_ends(machine: Machine) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        machine.start()
        [scanner] = machine.ask("status")["scanners"]
        machine.end(number)
        machine.await_that(partial(is_over, scanner))


def is_over(pid: int) -> bool:
    """Whether a process runs no more; what is left of an orphan may wait for somebody to collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] in {"Z", "X"}
    except OSError:
        return True


@pytest.mark.parametrize(("words", "setting"), [(("--in-process",), ""), ((), "scanners = 0\n")])
def test_everything_may_run_in_one_process(machine: Machine, words: tuple[str, ...], setting: str) -> None:
    with (machine.directory / "fail2ban.conf").open("a") as file:
        file.write(setting)
    machine.words = words
    machine.start()
    machine.fail("198.51.100.7")
    machine.hear("banned", "jail=web", "address=198.51.100.7")
    assert [] == machine.ask("status")["scanners"]
