"""A list of exempt addresses that hides another one is told, with both places."""

from __future__ import annotations

from banish.compat.files import MemoryFiles
from banish.compat.jails import read
from banish.core.config import Problem, Severity

JAIL = "enabled = yes\nfilter =\nfailregex = ^bad <ADDR>$\naction = native[port=22]\n"


def found(jails: str, **more: str) -> list[Problem]:
    files = {"jail.conf": jails} | {
        path.replace("__", "/").replace("_", "."): text for path, text in more.items()
    }
    return [problem for problem in read(MemoryFiles(files), {}).problems if problem.key == "ignoreip"]


def test_a_jail_that_replaces_the_list_of_all_is_told() -> None:
    [problem] = found(
        f"[DEFAULT]\nignoreip = 127.0.0.1/8 192.0.2.7\n  198.51.100.0/24\n[j]\n{JAIL}",
        jail_local="[j]\nignoreip = 203.0.113.1\n",
    )
    assert (Severity.WARNING, "jail.local", 2, "j", "203.0.113.1", "") == (
        problem.severity,
        problem.file,
        problem.line,
        problem.section,
        problem.value,
        problem.jail,
    )
    assert "[DEFAULT] at jail.conf:2, so that 192.0.2.7, 198.51.100.0/24 can be banned here" in problem.text
    assert "begin with %(default/ignoreip)s" in problem.text


def test_an_empty_list_of_a_jail_hides_that_of_all_too() -> None:
    assert 1 == len(found(f"[DEFAULT]\nignoreip = 192.0.2.7\n[j]\n{JAIL}ignoreip =\n"))


def test_of_many_that_are_lost_some_are_named() -> None:
    [problem] = found(f"[DEFAULT]\nignoreip = a b c d e f g\n[j]\n{JAIL}ignoreip = h\n")
    assert "so that a, b, c, d, e and others can" in problem.text


def test_a_list_that_adds_to_that_of_all_is_fine() -> None:
    for reference in ("%(default/ignoreip)s", "%(known/ignoreip)s", "192.0.2.0/24"):
        assert [] == found(
            f"[DEFAULT]\nignoreip = 192.0.2.7\n[j]\n{JAIL}ignoreip = {reference} 203.0.113.1\n"
        )


def test_only_this_machine_itself_may_be_left_out() -> None:
    assert [] == found(f"[DEFAULT]\nignoreip = 127.0.0.1/8 ::1\n[j]\n{JAIL}ignoreip = 203.0.113.1\n")


def test_jails_that_do_not_run_are_not_judged() -> None:
    assert [] == found("[DEFAULT]\nignoreip = 192.0.2.7\n[j]\nignoreip = 203.0.113.1\n")


def test_a_list_for_all_is_judged_once() -> None:
    problems = found(f"[DEFAULT]\nignoreip = ::1\n  0.0.0.0/0\n[j]\n{JAIL}[k]\n{JAIL}")
    assert [("DEFAULT", 3, "0.0.0.0/0")] == [(each.section, each.line, each.value) for each in problems]


def test_a_list_for_all_that_nobody_uses_is_not_judged() -> None:
    problems = found(f"[DEFAULT]\nignoreip = 0.0.0.0/0\n[j]\n{JAIL}ignoreip = 0.0.0.0/0 192.0.2.1\n")
    assert ["j"] == [each.section for each in problems]


def test_a_list_that_cannot_be_read_is_told_elsewhere() -> None:
    [problem] = found(f"[DEFAULT]\nignoreip = %(nowhere)s\n[j]\n{JAIL}ignoreip = 192.0.2.1\n[k]\n{JAIL}")
    assert ("k", Severity.ERROR) == (problem.jail, problem.severity)
