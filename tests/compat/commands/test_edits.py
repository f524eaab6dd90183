"""What `set JAIL …` changes."""

from __future__ import annotations

import pytest

from banish.compat.commands.edits import EDITS, TOLD, edited
from banish.compat.commands.faults import CommandError
from banish.compat.commands.reads import READS
from banish.core.config import JailConfig, LogPath, Script

JAIL = JailConfig("j")


def test_lists_grow_and_shrink() -> None:
    jail = edited(JAIL, "addignoreip", ["192.0.2.1", "10.0.0.0/8", "192.0.2.1"])
    assert ("192.0.2.1", "10.0.0.0/8") == jail.ignoreip
    assert ("10.0.0.0/8",) == edited(jail, "delignoreip", ["192.0.2.1"]).ignoreip
    jail = edited(edited(JAIL, "addjournalmatch", ["A=1", "+", "B=2"]), "addjournalmatch", ["C=3"])
    assert ("A=1 + B=2", "C=3") == jail.journalmatch
    assert ("A=1 + B=2",) == edited(jail, "deljournalmatch", ["C=3"]).journalmatch


def test_logs_come_and_go() -> None:
    jail = edited(edited(JAIL, "addlogpath", ["/a"]), "addlogpath", ["/b", "tail"])
    assert (LogPath("/a"), LogPath("/b", from_end=True)) == jail.logpaths
    assert (LogPath("/b", from_end=True),) == edited(jail, "dellogpath", ["/a"]).logpaths
    assert jail == edited(jail, "dellogpath", ["/c"])


def test_expressions_are_added_and_taken_out_by_number() -> None:
    jail = edited(JAIL, "addfailregex", ["^a <HOST>", "^b <HOST>"])
    assert ["^a <HOST>", "^b <HOST>"] == [rule.text for rule in jail.failregex]
    assert ["^a <HOST>"] == [rule.text for rule in edited(jail, "delfailregex", ["1"]).failregex]
    assert jail == edited(jail, "delfailregex", ["7"])
    jail = edited(jail, "addignoreregex", ["^c"])
    assert ["^c"] == [rule.regex for rule in jail.ignoreregex]
    assert () == edited(jail, "delignoreregex", ["0"]).ignoreregex
    assert edited(edited(jail, "prefregex", ["^p"]), "prefregex", [""]).prefregex is None


def test_a_prefix_may_name_the_culprit_for_all() -> None:
    jail = edited(JAIL, "prefregex", ["^<F-CONTENT>.+</F-CONTENT> from <HOST>$"])
    assert 1 == len(edited(jail, "addfailregex", ["^bad"]).failregex)


@pytest.mark.parametrize(
    ("word", "words", "text"),
    [
        ("nonsense", ["x"], "Invalid command 'nonsense' (no set action or not yet implemented)"),
        ("maxretry", [], "list index out of range"),
        ("maxretry", ["x"], "maxretry = 'x': not a whole number; write digits only"),
        ("maxlines", ["0"], "maxlines = '0': too small; write 1 or more"),
        ("findtime", ["soon"], "findtime = 'soon': not a duration; write 600, 10m or 1h 30m"),
        ("addfailregex", ["no id"], "No failure-id group in 'no id'"),
        (
            "addfailregex",
            [" "],
            "' ': an empty expression matches every line; write one, or delete the option",
        ),
        ("delfailregex", ["x"], "invalid literal for int() with base 10: 'x'"),
        ("delignoreip", ["192.0.2.1"], "list.remove(x): x not in list"),
        ("addlogpath", ["/a", "middle"], "File option must be 'head' or 'tail'"),
        ("addlogpath", ["/a", "/b", "/c"], "Only one file can be added at a time"),
        ("addjournalmatch", ["what"], "Invalid match"),
        ("deljournalmatch", ["A=1"], "Match 'A=1' not found"),
        ("bantime.factor", ["2"], "bantime.factor: bans of j do not grow; set bantime.increment true first"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(word: str, words: list[str], text: str) -> None:
    with pytest.raises(CommandError) as caught:
        edited(JAIL, word, words)
    assert text == str(caught.value)


def test_a_growth_that_is_switched_off_is_gone() -> None:
    jail = edited(JAIL, "bantime.increment", ["true"])
    assert jail.growth == edited(jail, "bantime.increment", ["on"]).growth
    grown = edited(edited(jail, "bantime.maxtime", ["1d"]), "bantime.maxtime", [""])
    assert jail.growth == grown.growth
    assert edited(jail, "bantime.increment", ["no"]).growth is None


def test_actions_are_made_changed_and_dropped() -> None:
    jail = edited(JAIL, "addaction", ["mail"])
    jail = edited(edited(jail, "action", ["mail", "actionban", "x"]), "action", ["mail", "actionban", "y"])
    assert {"name": "j", "actname": "mail", "actionban": "y"} == dict(jail.scripts[0].properties)
    assert ["mail"] == [action.name for action in jail.actions]
    bare = edited(jail, "delaction", ["mail"])
    assert ((), ()) == (bare.scripts, bare.actions)
    for word, words, text in (
        ("addaction", ["mail"], "Action mail already exists"),
        ("addaction", ["x", "x.py", "{"], "no JSON: '{' (Expecting property name enclosed in double quotes"),
        ("addaction", ["x", "x.py", "[]"], "no JSON object: '[]'"),
        ("delaction", ["other"], "'Invalid Action name: other'"),
        ("action", ["mail", "actionban"], "list index out of range"),
    ):
        with pytest.raises(CommandError) as caught:
            edited(jail, word, words)
        assert str(caught.value).startswith(text)


def test_actions_in_python_take_their_arguments_as_an_object() -> None:
    jail = edited(JAIL, "addaction", ["mail", "/etc/fail2ban/action.d/smtp.py", '{"host": "h", "n": 1}'])
    assert (Script("mail", (("host", "h"), ("n", "1")), "/etc/fail2ban/action.d/smtp.py"),) == jail.scripts
    bare = edited(edited(JAIL, "addaction", ["x", "x.py"]), "delaction", ["x"])
    assert ((), ()) == (bare.scripts, bare.actions)


def test_whatever_can_be_edited_can_be_told() -> None:
    assert set() == {TOLD.get(word, word) for word in EDITS} - {
        *READS,
        "logpath",
        "action",
        "addaction",
        "delaction",
    }
