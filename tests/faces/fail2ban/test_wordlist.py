"""The list of commands, which the shell's completion reads."""

from __future__ import annotations

import re

from banish.faces.fail2ban.wordlist import COMMANDS


def test_every_command_stands_behind_four_blanks() -> None:
    words = {match[1] for match in re.finditer(r"^ {4}([a-z]+)", COMMANDS, re.MULTILINE)}
    assert {"start", "stop", "reload", "status", "get", "set", "banned", "unban", "ping", "add"} <= words


def test_what_can_be_set_and_asked_stands_behind_the_jail() -> None:
    settable = set(re.findall(r"^ {4}set <JAIL> (\w+)", COMMANDS, re.MULTILINE))
    assert {"banip", "unbanip", "addfailregex", "maxretry"} <= settable
    assert {"banip", "failregex", "logpath"} <= set(
        re.findall(r"^ {4}get <JAIL> (\w+)", COMMANDS, re.MULTILINE)
    )
