"""An action's file as commands and values."""

from __future__ import annotations

from banish.compat.actionfile import script_of
from banish.compat.files import MemoryFiles
from banish.compat.layers import Units
from banish.compat.optionlist import parse
from banish.compat.text import Text

FIREWALL = """
[Definition]
actionban = <tool> add <table> <ip> <helper>
actionunban = <tool> del <table> <ip> %(port)s
norestored = true
helper = <deeper>
deeper = deep
unused = x
[Init]
tool = fw4
table = t-<name>
[Init?family=inet6]
tool = fw6
"""


def properties(call: str, text: str = FIREWALL, jail: str = "j") -> dict[str, str]:
    units = Units(MemoryFiles({"action.d/fw.conf": text}))
    item = parse(call)
    script = script_of(item, units.unit("action.d/fw"), "fw", jail, {"port": Text.at("22")})
    assert "fw" == script.name
    return dict(script.properties)


def test_arguments_come_before_the_file_and_conditions_stay_open() -> None:
    assert {
        "actionban": "<tool> add x <ip> deep",
        "actionunban": "<tool> del x <ip> 22",
        "norestored": "true",
        "table": "x",
        "name": "j",
        "actname": "fw",
        "tool": "fw4",
        "tool?family=inet6": "fw6",
    } == properties("fw[table=x]")


def test_an_argument_holds_for_a_family_only_if_it_names_it() -> None:
    one = properties("fw[tool=z]")
    assert ("z", "fw6") == (one["tool"], one["tool?family=inet6"])
    two = properties("fw[tool=z, tool?family=inet6=z6]")
    assert ("z", "z6") == (two["tool"], two["tool?family=inet6"])


def test_an_argument_may_be_made_of_what_it_overrules() -> None:
    told = properties("fw[table='<known/table>-x']", FIREWALL.partition("[Init?")[0])
    assert ("fw4 add t-j-x <ip> deep", "<known/table>-x") == (told["actionban"], told["table"])
    assert not [name for name in told if name.startswith("known/")]


def test_values_are_told_as_they_are_written() -> None:
    assert "t-<name>" == properties("fw")["table"]
    assert "fw4 add t-j <ip> deep" == properties("fw", FIREWALL.partition("[Init?")[0])["actionban"]


def test_what_is_of_another_section_is_found() -> None:
    text = "[Definition]\nactionban = <part/word> <ip> <known/word>\n[part]\nword = one <word>\nother = x\n"
    assert "one <word> <ip> <known/word>" == properties("fw", text)["actionban"]
