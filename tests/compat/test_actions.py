from collections.abc import Mapping

import pytest

from banish.compat.actions import Actions, actname
from banish.compat.files import MemoryFiles
from banish.compat.layers import Units
from banish.compat.text import Spot, Text
from banish.core.config import Action, Problem, Scope, Script, Severity

ACTION = "[Definition]\nactionban = x\n"
FILES = {
    "action.d/iptables.conf": ACTION
    + "type = oneport\n[Init]\nport = ssh\nprotocol = tcp\nblocktype = REJECT --reject-with x\n",
    "action.d/iptables-multiport.conf": (
        "[INCLUDES]\nbefore = iptables.conf\n[Definition]\ntype = multiport\n"
    ),
    "action.d/iptables-allports.conf": "[INCLUDES]\nbefore = iptables.conf\n[Definition]\ntype = allports\n",
    "action.d/nftables.conf": ACTION + "type = multiport\n[Init]\nport = ssh\nprotocol = tcp\n",
    "action.d/firewallcmd-ipset.conf": ACTION
    + "[Init]\nport = 1:65535\nprotocol = tcp\nactiontype = <multiport>\nmultiport = -p x\n",
    "action.d/route.conf": ACTION,
    "action.d/sendmail.conf": ACTION,
    "action.d/own.conf": ACTION,
    "action.d/helpers-common.conf": "[DEFAULT]\nx = 1\n",
    "action.d/broken.conf": "[Definition]\nnonsense\n",
    "action.d/twisted.conf": ACTION,
    "action.d/smtp.py": "",
    "action.d/ufw.conf": "[Definition]\nblocktype = %(none)s\n",
    "/opt/away.conf": ACTION,
}
SERVICES = {"ssh": 22, "http": 80, "https": 443}
SSH = Scope("tcp", ((22, 22),))


def read(
    value: str, files: Mapping[str, str] = FILES
) -> tuple[tuple[Action, ...], tuple[Scope, ...], list[Problem]]:
    """Read actions, those that are firewalls to be enforced natively."""
    problems: list[Problem] = []
    units = Units(MemoryFiles(files))
    actions = Actions(units, SERVICES, "j", problems.append, {}, runs_firewalls=False)
    found, _, scopes = actions.read(Text.at(value, Spot("jail.conf", 3)))
    return found, scopes, problems


def run(value: str, *, runs_firewalls: bool = True) -> tuple[list[str], tuple[Scope, ...]]:
    """Return which actions are run, and what is cut natively."""
    units = Units(MemoryFiles(FILES))
    actions = Actions(units, SERVICES, "j", lambda _: None, {}, runs_firewalls=runs_firewalls)
    _, scripts, scopes = actions.read(Text.at(value, Spot("jail.conf", 3)))
    return [script.name for script in scripts], scopes


def test_firewalls_are_run_as_written_or_enforced_natively() -> None:
    assert (["iptables", "sendmail"], ()) == run("iptables sendmail")
    assert (["sendmail"], (SSH,)) == run("iptables sendmail", runs_firewalls=False)


def test_native_is_native() -> None:
    assert ([], (SSH,)) == run("native[port=ssh]")
    assert (["own", "smtp"], (SSH,)) == run("own native[port=ssh] smtp.py")


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ((SSH,), "native[port=ssh, protocol=tcp]"),
        ((SSH,), "native[port=22]"),
        ((Scope(),), "native"),
        ((Scope("udp"),), "native[port=all, protocol=udp]"),
        ((SSH,), "iptables"),
        (
            (Scope("tcp", ((80, 80), (443, 443))),),
            'iptables-multiport[port="http,https", protocol=tcp, chain="<known/chain>"]',
        ),
        ((Scope(),), "iptables-allports[port=ssh]"),
        ((Scope(),), "nftables[type=allports, port=ssh]"),
        ((Scope("tcp", ((80, 80),)), Scope("udp", ((80, 80),))), 'nftables[port=80, protocol="tcp,udp"]'),
        ((SSH,), "nftables[port='<known/port>']"),
        ((Scope("tcp"),), "firewallcmd-ipset"),
        ((Scope(),), "firewallcmd-ipset[actiontype=<allports>]"),
        ((Scope(),), "route"),
        ((SSH, Scope()), "iptables sendmail route"),
        ((SSH,), "iptables[name=j-a] iptables[name=j-b]"),
    ],
)
def test_firewall_actions_cut_what_their_arguments_and_files_say(
    expected: tuple[Scope, ...], value: str
) -> None:
    _, scopes, problems = read(value)
    assert (expected, []) == (scopes, problems)


def test_actions_keep_their_order_and_arguments() -> None:
    actions, _, _ = read('iptables[port=ssh,\n  x="a, b"]\n  sendmail smtp.py[host=h] /opt/away')
    assert (
        Action("iptables", (("port", "ssh"), ("x", "a, b"))),
        Action("sendmail"),
        Action("smtp.py", (("host", "h"),)),
        Action("/opt/away"),
    ) == actions


def test_all_that_is_said_of_an_action_in_python_are_arguments() -> None:
    units, problems = Units(MemoryFiles({**FILES, "/opt/x.py": ""})), list[Problem]()
    value = Text.at("native smtp.py[host=h, matches=ipmatches] /opt/x.py[actname=own]")
    _, scripts, _ = Actions(units, SERVICES, "j", problems.append, {}).read(value)
    assert (
        Script("smtp", (("host", "h"), ("matches", "ipmatches")), "action.d/smtp.py"),
        Script("own", (), "/opt/x.py"),
    ) == scripts
    assert [] == problems


@pytest.mark.parametrize("value", ["", "sendmail", "sendmail own"])
def test_a_jail_without_a_firewall_is_told_that_its_bans_are_not_enforced(value: str) -> None:
    _, scopes, problems = read(value)
    assert () == scopes
    assert [
        (
            Severity.WARNING,
            "no action is a firewall, unless it is one of your own; banaction = native keeps attackers out",
        )
    ] == [(problem.severity, problem.text) for problem in problems]


@pytest.mark.parametrize("verdict", ["RETURN", "accept", '"ACCEPT -m x"'])
def test_an_action_that_lets_in_is_no_fence(verdict: str) -> None:
    _, scopes, problems = read(f"iptables-multiport[port=ssh, blocktype={verdict}]")
    assert () == scopes
    assert [Severity.WARNING] == [problem.severity for problem in problems]
    assert "it lets in instead of keeping out" in problems[0].text


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("there is no action.d/nothing.conf that can be read; correct the name, or write native", "nothing"),
        (
            "there is no action.d/native .conf that can be read; correct the name, or write native",
            "native [a=1]",
        ),
        ("there is no file action.d/none.py; correct the name", "none.py"),
        (
            "action.d/helpers-common.conf has no [Definition]; it is made to be included, not to be used",
            "helpers-common",
        ),
        ('a second action "iptables"; tell them apart with [actname=...]', "iptables iptables[port=80]"),
        ('"shh" is no service that this machine knows; did you mean ssh?', "native[port=shh]"),
        ('the list "[x=1" is not closed; end it with "]" and write nothing behind that', "native[x=1"),
    ],
)
def test_what_is_wrong_with_an_action_is_an_error_of_its_jail(expected: str, value: str) -> None:
    _, _, problems = read(value)
    problem = problems[0]
    assert (expected, Severity.ERROR, "j", "jail.conf", 3) == (
        problem.text,
        problem.severity,
        problem.jail,
        problem.file,
        problem.line,
    )


def test_a_broken_action_file_is_an_error_where_it_is_broken() -> None:
    problem = read("broken")[2][0]
    assert ("action.d/broken.conf", 2, "j") == (problem.file, problem.line, problem.jail)


def test_a_reference_to_nothing_in_an_action_file_is_an_error_where_it_stands() -> None:
    problem = read("ufw")[2][0]
    assert ("action.d/ufw.conf", 2, "blocktype") == (problem.file, problem.line, problem.key)


def test_an_unknown_service_among_known_ones_is_a_warning() -> None:
    _, scopes, problems = read('native[port="ssh,htps"]')
    assert (SSH,) == scopes
    assert [
        (Severity.WARNING, 'native: "htps" is no service that this machine knows; did you mean https?')
    ] == [(problem.severity, problem.text) for problem in problems]


@pytest.mark.parametrize(
    ("expected", "name", "arguments"),
    [
        ("act", "act", {}),
        ("act-foo", "act", {"name": "foo"}),
        ("act-tcp", "act", {"name": "j-tcp"}),
        ("q", "act", {"name": "j-tcp", "actname": "q"}),
        ("smtp", "smtp.py", {"name": "x"}),
    ],
)
def test_an_action_is_known_in_its_jail_by_a_name(
    expected: str, name: str, arguments: dict[str, str]
) -> None:
    assert expected == actname(Action(name, tuple(arguments.items())), "j")
