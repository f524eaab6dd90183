"""An original that says nothing, or half of it, is asked again and then given up, in bounded time."""

from __future__ import annotations

from pathlib import Path

import pytest
from compat.case import Case
from compat.oracle import Oracle
from compat.rows import Outcome, Row
from compat.theirs import Theirs

ROW = "['192.0.2.1',\t1.0,\t{'ip4': '192.0.2.1'}],"
CASE = Case("a case", b"x\n", definition="[Definition]\nmaxlines = 2\n")


def judge(folder: Path, program: str, case: Case = CASE, patience: float = 20) -> Outcome | None:
    """Let a program of ours stand in for fail2ban-regex; it begins with knowing what it is asked for."""
    file = folder / "fail2ban-regex"
    file.write_text(f"import os, sys, pathlib\nrow, folder = 'row' in sys.argv, {str(folder)!r}\n{program}")
    theirs = Theirs(Oracle(folder, folder, folder, file), patience)
    try:
        return theirs.judge(case)
    finally:
        theirs.close()


def test_rows_and_their_lines_come_together(tmp_path: Path) -> None:
    program = f"print({ROW!r} if row else \"[('', '', 'x')]\")"
    assert Outcome((Row("192.0.2.1", 1.0, (("ip4", "192.0.2.1"),), ("x",)),)) == judge(tmp_path, program)


def test_a_refusal_and_a_traceback_are_answers(tmp_path: Path) -> None:
    assert Outcome(refused="no such thing") == judge(tmp_path, "sys.exit('no such thing')")
    assert Outcome(refused="exit status 3") == judge(tmp_path, "sys.exit(3)")
    died = judge(tmp_path, "if len(sys.argv) > 2: raise ValueError('odd line')")
    assert died is not None
    assert died.died.endswith("ValueError: odd line")


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (f"if row: print({ROW!r})", "do not belong together"),
        ("sys.exit(0 if row else 'oh')", "no matches: 1 oh"),
        ("if len(sys.argv) > 2: os.kill(os.getpid(), 9)", "killed by signal 9"),
        ("if len(sys.argv) > 2: os.kill(os.getppid(), 9)", "left with exit status"),
    ],
)
def test_half_an_answer_is_none(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], program: str, said: str
) -> None:
    assert judge(tmp_path, program) is None
    told = [line for line in capfd.readouterr().err.splitlines() if line.startswith("compat: a case: ")]
    assert 2 == len(told)
    assert all(said in line for line in told)


@pytest.mark.parametrize("asked", ["row", "matches"])
def test_what_takes_too_long_is_given_up(tmp_path: Path, asked: str) -> None:
    program = f"import signal\nif {asked!r} in sys.argv: signal.raise_signal(signal.SIGALRM)"
    assert judge(tmp_path, program) is None


@pytest.mark.slow
def test_who_never_answers_is_not_waited_for(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = "import signal, time\nif len(sys.argv) > 2: signal.alarm(0); time.sleep(9)"
    assert judge(tmp_path, program, patience=0.1) is None
    assert 2 == capfd.readouterr().err.count("no answer from fail2ban in 0 s")


def test_a_second_try_may_succeed(tmp_path: Path) -> None:
    program = """
first = pathlib.Path(folder, "first")
if len(sys.argv) > 2 and not first.exists():
    first.touch()
    os.kill(os.getppid(), 9)
"""
    assert Outcome() == judge(tmp_path, program)
