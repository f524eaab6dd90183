"""What a client prints; the shapes are those that monitoring and completion read."""

from __future__ import annotations

import pytest

from banish.compat.commands.faults import duplicate_jail, too_few, unknown_jail, wrong
from banish.compat.frames import RemoteError, Value
from banish.compat.replies import complaint, printed

STATE: Value = [
    ("Filter", [("Currently failed", 1), ("Total failed", 3), ("File list", ["/a", "/b"])]),
    ("Actions", [("Currently banned", 0), ("Total banned", 2), ("Banned IP list", [])]),
]
TREE = """\
|- Filter
|  |- Currently failed:\t1
|  |- Total failed:\t3
|  `- File list:\t/a /b
`- Actions
   |- Currently banned:\t0
   |- Total banned:\t2
   `- Banned IP list:\t"""
TABLE = """\
          ║          ║ Filter    ║ Actions{two blanks}
 Jail     ║ Backend  ╟───────────╫───────────
          ║          ║ cur │ tot ║ cur │ tot
══════════╬══════════╬═══════════╬═══════════
 alpha    ║ polling  ║   4 │   8 ║   0 │   1
══════════╩══════════╩═══════════╩═══════════""".replace("{two blanks}", "  ")
ROUGH = """\
          |          | Filter    | Actions{two blanks}
 Jail     | Backend  |-----------x-----------
          |          | cur | tot | cur | tot
----------x----------x-----------x-----------
 alpha    | polling  |   4 |   8 |   0 |   1
-----------------------------------------------""".replace("{two blanks}", "  ")


def test_the_state_of_a_jail_is_a_tree() -> None:
    assert "Status for the jail: j\n" + TREE == printed(["status", "j"], STATE)


def test_the_list_of_jails_is_a_tree() -> None:
    names: Value = [("Number of jail", 2), ("Jail list", "alpha, beta")]
    assert "Status\n|- Number of jail:\t2\n`- Jail list:\talpha, beta" == printed(["status"], names)
    nothing: Value = [("Number of jail", 0), ("Jail list", "")]
    assert "Status\n|- Number of jail:\t0\n`- Jail list:\t" == printed(["status", "--all"], nothing)


def test_all_jails_are_trees_in_the_tree() -> None:
    value: Value = [("Number of jail", 1), ("Jail list", "j"), {"j": STATE}]
    lines = printed(["status", "--all"], value).splitlines()
    assert ["`- Status for the jails:", "   `- Jail: j", "      |- Filter"] == lines[3:6]
    assert "         `- Banned IP list:\t" == lines[-1]


@pytest.mark.parametrize("words", [["stats"], ["statistic"], ["status", "--all", "stats"]])
def test_figures_are_a_table(words: list[str]) -> None:
    figures: dict[Value, Value] = {"alpha": ["polling", (4, 8), (0, 1)]}
    value: Value = [("Number of jail", 1), ("Jail list", "alpha"), figures] if len(words) > 1 else figures
    assert TABLE == printed(words, value)
    assert ROUGH.splitlines()[:5] == printed(words, value, is_utf8=False).splitlines()[:5]
    assert printed(["status", "alpha", "stats"], figures["alpha"]) == TABLE
    assert printed(["stats"], {}) == "No jails found."


@pytest.mark.parametrize(
    ("words", "value", "text"),
    [
        (["ping"], "pong", "Server replied: pong"),
        (["version"], "1.1.1", "1.1.1"),
        (["echo", "a", "b"], ["a", "b"], "a b"),
        (["banned"], [{"a": ["192.0.2.1"]}, {"b": []}], "[{'a': ['192.0.2.1']}, {'b': []}]"),
        (["unban", "--all"], 3, "3"),
        (["flushlogs"], "rolled over", "logs: rolled over"),
        (["stop"], None, "Shutdown successful"),
        (["stop", "j"], None, "Jail stopped"),
        (["start", "j"], None, "Jail started"),
        (["add", "j"], "j", "Added jail j"),
        (["sleep", "1"], None, "None"),
        (["get", "loglevel"], "INFO", "Current logging level is 'INFO'"),
        (["set", "logtarget", "/x"], "/x", "Current logging target is:\n`- /x"),
        (["get", "syslogsocket"], "auto", "Current syslog socket is:\n`- auto"),
        (["get", "dbfile"], "/d", "Current database file is:\n`- /d"),
        (["get", "dbfile"], None, "Database currently disabled"),
        (["get", "dbpurgeage"], 86400, "Current database purge age is:\n`- 86400seconds"),
        (["get", "dbmaxmatches"], 10, "10"),
        (["get", "j", "maxretry"], 5, "5"),
        (["set", "j", "banip", "192.0.2.1"], 1, "1"),
        (["get", "j", "logpath"], ["/a", "/b"], "Current monitored log file(s):\n|- /a\n`- /b"),
        (["set", "j", "dellogpath", "/a"], [], "No file is currently monitored"),
        (["get", "j", "logencoding"], "utf-8", "Current log encoding is set to:\nutf-8"),
        (["get", "j", "journalmatch"], [["A=1", "B=2"], ["C=3"]], "Current match filter:\nA=1 B=2 + C=3"),
        (["get", "j", "journalmatch"], [], "No journal match filter set"),
        (["get", "j", "ignoreip"], ["::1"], "These IP addresses/networks are ignored:\n`- ::1"),
        (["set", "j", "delignoreip", "::1"], [], "No IP address/network is ignored"),
        (["set", "j", "addfailregex", "a"], ["a", "b"],
         "The following regular expression are defined:\n|- [0]: a\n`- [1]: b"),
        (["get", "j", "ignoreregex"], [], "No regular expression is defined"),
        (["get", "j", "datepattern"], ("^%Y", "^Year"), "Current date pattern set to: ^%Y (^Year)"),
        (["get", "j", "datepattern"], (None, "Epoch"), "Current date pattern set to: Epoch"),
        (["get", "j", "datepattern"], None, "Current date pattern set to: Not set/required"),
        (["get", "j", "banip"], ["a", "b"], "a b"),
        (["get", "j", "banip", "--with-time"], ["a \tb", "c \td"], "a \tb\nc \td"),
        (["get", "j", "actions"], ["x", "y"], "The jail j has the following actions:\nx, y"),
        (["get", "j", "actions"], [], "No actions for jail j"),
        (["get", "j", "actionproperties", "x"], ["p"],
         "The jail j action x has the following properties:\np"),
        (["get", "j", "actionmethods", "x"], ["m"], "The jail j action x has the following methods:\nm"),
        ([], "x", "x"),
    ],
)  # fmt: skip
def test_a_value_is_printed_as_it_always_was(words: list[str], value: Value, text: str) -> None:
    assert text == printed(words, value)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (unknown_jail("x").error, "Sorry but the jail 'x' does not exist"),
        (duplicate_jail("x").error, "The jail 'x' already exists"),
        (too_few().error, "Sorry but the command is invalid"),
        (wrong("no").error, "no"),
        (RemoteError("FileNotFoundError", (2, "No such file", "/x")), "[Errno 2] No such file: '/x'"),
    ],
)
def test_an_error_is_told_in_words(error: RemoteError, text: str) -> None:
    assert text == complaint(error)
