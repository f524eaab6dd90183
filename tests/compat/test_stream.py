"""A configuration as commands."""

from __future__ import annotations

from banish.compat.stream import stream
from banish.core.config import Action, Config, JailConfig, LogPath, Rule, Script, UseDns
from banish.core.model import FOREVER, Seconds


def test_a_plain_jail_is_told_in_order() -> None:
    jail = JailConfig("j", usedns=UseDns.NO, failregex=(Rule("^a <HOST>", "x"),), logpaths=(LogPath("/l"),))
    told = list(stream(Config((jail,)), "/etc/x"))
    assert ["set", "syslogsocket", "auto"] == told[0]
    assert ["set", "dbpurgeage", 86400] == told[6]
    assert ["add", "j", "auto"] == told[7]
    assert ["set", "j", "usedns", "no"] == told[8]
    assert ["set", "j", "addfailregex", "^a <HOST>"] == told[9]
    assert ["set", "j", "addlogpath", "/l", "head"] == told[-2]
    assert ["start", "j"] == told[-1]


def test_what_is_said_of_a_jail_is_told() -> None:
    jail = JailConfig(
        "j",
        backend="systemd",
        prefregex=Rule("^p", "^p"),
        failregex=(Rule("a", "a"), Rule("b", "b")),
        ignoreregex=(Rule("c", "c"),),
        maxlines=3,
        datepatterns=("^%Y", "EPOCH"),
        bantime=FOREVER,
        findtime=Seconds(0.5),
        ignoreip=("::1", "192.0.2.1"),
        journalmatch=("A=1 + B=2",),
        logpaths=(LogPath("/l", from_end=True),),
        actions=(Action("mail", (("name", "j"), ("dest", "root"))), Action("plain")),
    )
    told = list(stream(Config((jail,)), "/etc/x"))
    for command in (
        ["set", "j", "prefregex", "^p"],
        ["set", "j", "maxlines", 3],
        ["multi-set", "j", "addfailregex", ["a", "b"]],
        ["set", "j", "addignoreregex", "c"],
        ["set", "j", "datepattern", "^%Y\nEPOCH"],
        ["set", "j", "bantime", -1],
        ["set", "j", "findtime", 0.5],
        ["set", "j", "ignoreself", True],
        ["set", "j", "addignoreip", "::1", "192.0.2.1"],
        ["set", "j", "addjournalmatch", "A=1", "+", "B=2"],
        ["set", "j", "addlogpath", "/l", "tail"],
        ["set", "j", "addaction", "mail"],
        ["multi-set", "j", "action", "mail", [["name", "j"], ["dest", "root"]]],
        ["set", "j", "addaction", "plain"],
    ):
        assert command in told
    assert not [command for command in told if "bantime.increment" in command]


def test_actions_that_are_run_are_told_whole() -> None:
    jail = JailConfig(
        "j",
        actions=(Action("mail", (("dest", "root"),)), Action("smtp.py", (("host", "h"), ("actname", "a")))),
        scripts=(
            Script("mail", (("actionban", "mail <ip>"), ("dest", "root"))),
            Script("a", (("host", "h"),), "action.d/smtp.py"),
        ),
    )
    told = list(stream(Config((jail,)), "/etc/x"))
    assert [
        ["set", "j", "addaction", "mail"],
        ["multi-set", "j", "action", "mail", [["actionban", "mail <ip>"], ["dest", "root"]]],
        ["set", "j", "addaction", "a", "/etc/x/action.d/smtp.py", '{"host": "h"}'],
        ["start", "j"],
    ] == told[-4:]
