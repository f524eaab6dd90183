from collections.abc import Mapping

import pytest

from banish.compat.files import MemoryFiles
from banish.compat.jails import Reading, read
from banish.core.config import Config, JailConfig, Problem, Rule, Severity
from banish.core.errors import ConfigError

MAIN = "[Definition]\n"
FILTER = "[Definition]\nfailregex = ^bad <ADDR>$\n"
JAIL = "[j]\nenabled = yes\nfilter = f\naction = native[port=22]\n"
SERVICES = {"ssh": 22}


def tree(jail: str = JAIL, filter_: str = FILTER, **more: str) -> Reading:
    files = {"fail2ban.conf": MAIN, "jail.conf": jail, "filter.d/f.conf": filter_}
    return read(
        MemoryFiles(files | {path.replace("__", "/").replace("_", "."): text for path, text in more.items()}),
        SERVICES,
    )


def files(texts: Mapping[str, str]) -> Reading:
    return read(MemoryFiles({"fail2ban.conf": MAIN, "filter.d/f.conf": FILTER, **texts}), SERVICES, "/etc/x")


def only(reading: Reading) -> JailConfig:
    assert () == reading.problems
    (jail,) = reading.config.jails
    return jail


def names(reading: Reading) -> list[str]:
    return [jail.name for jail in reading.config.jails]


def told(reading: Reading) -> list[tuple[str, str, int, str]]:
    """Return what an operator needs of each problem: the jail it costs, file and line, and the option."""
    return [(problem.jail, problem.file, problem.line, problem.key) for problem in reading.problems]


def texts(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.text for rule in rules]


def test_the_same_tree_gives_the_same_config() -> None:
    jail = JAIL + "bantime.increment = 1\nbantime.formula = ban.Time * 3\n"
    assert tree(jail).config == tree(jail).config


def test_only_enabled_jails_are_read_further() -> None:
    reading = tree("[a]\nfilter = %(none)s\n[b]\nenabled = no\naction = x\n")
    assert ([], ()) == (names(reading), reading.problems)


def test_jails_stand_in_the_order_of_their_first_appearance() -> None:
    one = "enabled=1\nfilter=f\naction=native\n"
    reading = tree(f"[b]\n{one}[a]\n", jail_local=f"[c]\n{one}[a]\n{one}")
    assert ["b", "a", "c"] == names(reading)


def test_version_and_directory_cannot_be_overridden() -> None:
    jail = (
        "[DEFAULT]\nfail2ban_version = x\n[j]\nenabled=1\nfilter=f\naction=native\n"
        "ignorecommand=%(fail2ban_confpath)s/%(fail2ban_version)s\n"
    )
    assert "/etc/x/1.1.1" == only(files({"jail.conf": jail})).ignorecommand


def test_pitfall_9_a_problem_costs_only_the_jail_that_it_is_in() -> None:
    jail = """
[DEFAULT]
enabled = yes
filter = f
action = native
[missing-filter]
filter = g
[bad-list]
filter = f[x
[bad-reference]
logpath = %(nowhere)s
[bad-number]
maxretry = five
[bad-time]
findtime = soon
[bad-action]
action = nothing
[bad-filter]
filter = broken
[looping-filter]
filter = looping
[circular-filter]
filter = circle
[twisted-filter]
filter = twisted
[bad-path]
logpath = /a b
[good]
"""
    broken = {
        "filter.d/broken.conf": "[Definition]\nfailregex = a\nfailregex = b\n",
        "filter.d/looping.conf": (
            "[INCLUDES]\nbefore = looping.conf\n  looping.conf\n"
            "[Definition]\nfailregex = <a>\na = <b>\nb = <a>\n"
        ),
        "filter.d/circle.conf": "[INCLUDES]\nbefore = %(x)s\n[Definition]\nfailregex = a\n",
        "filter.d/twisted.conf": "[Definition]\nfailregex = 50%\n",
    }
    reading = files({"jail.conf": jail, **broken})
    costs = {problem.jail for problem in reading.problems if problem.severity is Severity.ERROR}
    assert ["good"] == names(reading)
    assert costs == {
        *(
            "missing-filter",
            "bad-list",
            "bad-reference",
            "bad-number",
            "bad-time",
            "bad-action",
            "bad-filter",
        ),
        *("looping-filter", "circular-filter", "twisted-filter", "bad-path"),
    }


def test_pitfall_10_a_duplicate_costs_its_jail_and_the_good_ones_survive() -> None:
    one = "enabled=1\nfilter=f\naction=native\n"
    reading = tree(f"[a]\n{one}maxretry=1\nmaxretry=2\n[b]\n{one}[c]\n{one}[c]\nmaxretry=5\n")
    assert (["b"], [("a", "jail.conf", 6, "maxretry"), ("c", "jail.conf", 15, "")]) == (
        names(reading),
        told(reading),
    )


@pytest.mark.parametrize(
    ("text", "line"), [("lost = 1\n" + JAIL, 1), ("[DEFAULT]\nnonsense\n" + JAIL, 2), ("\ufeff" + JAIL, 1)]
)
def test_what_is_broken_outside_of_the_jails_is_told_and_the_jails_run(text: str, line: int) -> None:
    reading = tree(text)
    assert (["j"], [("", "jail.conf", line, "")]) == (names(reading), told(reading))


def test_a_jail_cannot_be_named_like_all_of_them() -> None:
    reading = tree(JAIL.replace("[j]", "[--all]"))
    assert ([], [("", "jail.conf", 1, "")]) == (names(reading), told(reading))


def test_without_a_jail_file_there_is_an_error_and_no_jail() -> None:
    reading = files({})
    assert (Config().jails, ["there is no jail.conf and no jail.local; write one"]) == (
        reading.config.jails,
        [problem.text for problem in reading.problems],
    )


def test_faults_of_the_whole_are_reported_with_those_of_the_jails() -> None:
    reading = files(
        {"fail2ban.conf": "[Definition]\nloglevel = LOUD\n", "jail.conf": JAIL + "maxretry = x\n"}
    )
    assert ["loglevel", "maxretry"] == [problem.key for problem in reading.problems]


def test_the_same_problem_is_told_once() -> None:
    reading = tree("[DEFAULT]\nbantime = %(x)s\n" + JAIL)
    assert 1 == len(reading.problems)
    assert isinstance(reading.problems[0], Problem)


def test_an_included_file_that_cannot_be_read_is_a_warning() -> None:
    class Odd(MemoryFiles):
        def text(self, path: str) -> str | None:
            if path == "paths.conf":
                raise ConfigError("not UTF-8")
            return super().text(path)

    files_ = {
        "jail.conf": "[INCLUDES]\nbefore = paths.conf\n" + JAIL,
        "filter.d/f.conf": FILTER,
        "fail2ban.conf": MAIN,
    }
    reading = read(Odd(files_), SERVICES)
    assert (["j"], [Severity.WARNING]) == (names(reading), [problem.severity for problem in reading.problems])
    assert "paths.conf: cannot be read: not UTF-8" == str(reading.problems[0])


def test_a_local_file_that_cannot_be_read_stops_all_jails() -> None:
    class Odd(MemoryFiles):
        def text(self, path: str) -> str | None:
            if path == "jail.local":
                raise ConfigError("permission denied")
            return super().text(path)

    reading = read(Odd({"jail.conf": JAIL, "filter.d/f.conf": FILTER, "fail2ban.conf": MAIN}), SERVICES)
    assert ([], [Severity.ERROR]) == (names(reading), [problem.severity for problem in reading.problems])
