from __future__ import annotations

from pathlib import Path

from bench.course import Course
from bench.errors import TrialError
from bench.figures import Figures, Program
from bench.sizes import FULL, QUICK, Sizes


def course(root: Path, sizes: Sizes = FULL) -> Course:
    return Course(root, frozenset({Program.BANISH, Program.SSHGUARD}), sizes, Figures(), lambda _: None)


def test_a_folder_is_fresh_and_does_not_stay(tmp_path: Path) -> None:
    run = course(tmp_path)
    with run.folder() as one, run.folder() as other:
        assert one != other
        assert one.is_dir()
    assert [] == list(tmp_path.iterdir())


def test_what_fails_is_noted_and_the_rest_goes_on(tmp_path: Path) -> None:
    run = course(tmp_path)
    with run.attempt(Program.BANISH, "flood"):
        raise TrialError("banish has ended")
    assert ["flood: banish has ended"] == run.figures.failed


def test_it_is_measured_as_often_as_the_sizes_say(tmp_path: Path) -> None:
    assert [1.0] * 3 == course(tmp_path).repeat(lambda: 1.0)
    assert [1.0] == course(tmp_path, QUICK).repeat(lambda: 1.0)


def test_what_takes_long_is_not_measured_again(tmp_path: Path) -> None:
    assert [60.0] == course(tmp_path).repeat(lambda: 60.0)


def test_only_those_who_are_there_guard(tmp_path: Path) -> None:
    assert [Program.BANISH] == [program for program, _ in course(tmp_path).daemons()]
    both = [program for program, _ in course(tmp_path).daemons(Program.SSHGUARD)]
    assert [Program.BANISH, Program.SSHGUARD] == both
    assert course(tmp_path).peer is None
