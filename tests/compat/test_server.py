from collections.abc import Mapping

import pytest

from banish.compat.files import MemoryFiles
from banish.compat.layers import Units
from banish.compat.server import server
from banish.core.config import Problem, ServerConfig, Severity
from banish.core.model import Seconds


def read(files: Mapping[str, str]) -> tuple[ServerConfig, list[Problem]]:
    problems: list[Problem] = []
    return server(Units(MemoryFiles(files)).unit("fail2ban", "banish"), problems.append), problems


def test_all_settings_are_read_and_banish_has_the_last_word() -> None:
    files = {
        "fail2ban.conf": "[DEFAULT]\nloglevel = debug\nlogtarget = STDOUT\n[Definition]\ndbpurgeage = 2h\n",
        "fail2ban.local": (
            "[Definition]\nlogtarget = /var/log/x.log\nallowipv6 = on\n"
            "dbmaxmatches = 3\n[Thread]\nstacksize=0\n"
        ),
        "banish.conf": "[Definition]\nbans_on_stop = remove\nloglevel = 15\n",
        "banish.local": (
            "[Definition]\nsocket = /run/s\npidfile = /run/p\ndbfile = %(logtarget)s.db\nsyslogsocket = /s\n"
        ),
    }
    expected = ServerConfig(
        loglevel="15",
        logtarget="/var/log/x.log",
        syslogsocket="/s",
        socket="/run/s",
        pidfile="/run/p",
        dbfile="/var/log/x.log.db",
        dbmaxmatches=3,
        dbpurgeage=Seconds(7200),
        allowipv6="yes",
        bans_on_stop="remove",
    )
    assert (expected, []) == read(files)


@pytest.mark.parametrize("run", ["/var/run", "/run"])
def test_the_originals_own_paths_leave_us_ours(run: str) -> None:
    text = (
        f"[DEFAULT]\nsocket = {run}/fail2ban/fail2ban.sock\npidfile = {run}/fail2ban/fail2ban.pid\n"
        "dbfile = /var/lib/fail2ban/fail2ban.sqlite3\n[Definition]\n"
    )
    assert (ServerConfig(), []) == read({"fail2ban.conf": text})


@pytest.mark.parametrize("word", ["None", "none", "NONE"])
def test_no_database_is_a_choice(word: str) -> None:
    assert read({"fail2ban.conf": f"[Definition]\ndbfile = {word}\n"})[0].dbfile is None


def test_what_is_wrong_is_told_and_the_default_holds() -> None:
    text = "[Definition]\nloglevel = LOUD\ndbpurgeage = soon\nlogtarget = %(x)s\nallowipv6 = maybe\n"
    config, problems = read({"fail2ban.conf": text})
    assert ServerConfig() == config
    assert [("loglevel", 2), ("logtarget", 4), ("dbpurgeage", 3), ("allowipv6", 5)] == [
        (p.key, p.line) for p in problems
    ]
    assert {Severity.ERROR} == {problem.severity for problem in problems}


def test_an_unknown_option_is_a_warning_with_a_hint() -> None:
    _, problems = read(
        {"fail2ban.conf": "[Definition]\nlogtarge = x\nzzzz = 1\nhelper = /x\nlogtarget = %(helper)s\n"}
    )
    hint = "no setting of the server, and nothing refers to it"
    assert [f"{hint}; did you mean logtarget?", hint] == [problem.text for problem in problems]
    assert {Severity.WARNING} == {problem.severity for problem in problems}


def test_a_broken_line_costs_that_line_only() -> None:
    config, problems = read({"fail2ban.conf": "[Definition]\nnonsense\nloglevel = ERROR\n"})
    assert ("ERROR", [2]) == (config.loglevel, [problem.line for problem in problems])


def test_without_a_definition_the_defaults_hold() -> None:
    config, problems = read({"fail2ban.conf": "[DEFAULT]\nloglevel = ERROR\n"})
    assert (ServerConfig(), [Severity.WARNING]) == (config, [problem.severity for problem in problems])


def test_without_any_file_the_defaults_hold() -> None:
    assert (ServerConfig(), []) == read({})
