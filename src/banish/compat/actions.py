"""The actions of a jail, and what of them is enforced natively.

Many stock actions put an address into a firewall. Banish does that itself, so of those only the reach counts:
which ports of which protocol. All other actions stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from enum import Enum

from banish.compat.actionfile import AT_BAN, script_of
from banish.compat.filters import DEFINITION, INIT
from banish.compat.layers import Units
from banish.compat.optionlist import Item, parse, split
from banish.compat.ports import scopes
from banish.compat.substitution import substitute
from banish.compat.text import Fault, Text
from banish.compat.unit import Options, Unit
from banish.core.config import Action, Problem, Scope, Script, Severity
from banish.core.errors import ConfigError

NATIVE = "native"
"""The action that is Banish itself; it needs no file."""


class Reach(Enum):
    """How much a firewall action cuts."""

    PORTS = "the ports of its protocols"
    ALL = "everything"


_REACH: Mapping[str, Reach] = {
    **dict.fromkeys(
        (
            *(NATIVE, "nftables", "nftables-multiport"),
            *("iptables", "iptables-multiport", "iptables-multiport-log", "iptables-new"),
            *("iptables-ipset", "iptables-ipset-proto4", "iptables-ipset-proto6"),
            *("firewallcmd-ipset", "firewallcmd-multiport", "firewallcmd-new"),
            *("firewallcmd-rich-logging", "firewallcmd-rich-rules", "pf"),
        ),
        Reach.PORTS,
    ),
    **dict.fromkeys(
        (
            *(
                "nftables-allports",
                "iptables-allports",
                "iptables-xt_recent-echo",
                "iptables-ipset-proto6-allports",
            ),
            *("firewallcmd-allports", "symbiosis-blacklist-allports", "shorewall", "shorewall-ipset-proto6"),
            *("ufw", "csf", "apf", "route", "hostsdeny"),
            *("bsd-ipfw", "ipfw", "ipfilter", "npf", "osx-afctl", "osx-ipfw"),
        ),
        Reach.ALL,
    ),
}
_LETS_IN = frozenset({"accept", "return", "allow"})
_KINDS = ("type", "actiontype")
_REACH_OPTIONS = ("port", "protocol", "blocktype", *_KINDS)


_UNENFORCED = "no action is a firewall, unless it is one of your own; banaction = native keeps attackers out"
_OPENS = (
    "it lets in instead of keeping out, which Banish does not do; the bans of this jail are not enforced, "
    "open the port in the rules of the firewall instead"
)


class Actions:
    """Reads the `action` of one jail; problems go to `report`."""

    def __init__(
        self,
        units: Units,
        services: Mapping[str, int],
        jail: str,
        report: Callable[[Problem], None],
        options: Options,
        *,
        runs_firewalls: bool = True,
    ) -> None:
        """`options` are those of the jail. With `runs_firewalls` only `native` is enforced natively."""
        self._units = units
        self._services = services
        self._jail = jail
        self._report = report
        self._options = options
        self._runs_firewalls = runs_firewalls
        self._is_told = False

    def read(self, value: Text) -> tuple[tuple[Action, ...], tuple[Script, ...], tuple[Scope, ...]]:
        """Return all that can be read of it: the actions in order, those to run, and what is cut natively."""
        actions: dict[str, Action] = {}
        scripts: list[Script] = []
        cut: dict[Scope, None] = {}
        at = 0
        for written in split(value.text):
            at = value.text.index(written, at)
            text = value.cut(at, at + len(written))
            at += len(written)
            try:
                item = parse(written)
                action = Action(item.name, tuple(item.options.items()))
                name = actname(action, self._jail)
                _check_new(name, actions)
                unit = self._unit(item.name)
                if item.name.endswith(".py"):
                    scripts.append(_module(item, name))
                elif unit is not None and (self._runs_firewalls or not is_firewall(item.name)):
                    scripts.append(script_of(item, unit, name, self._jail, self._options))
                else:
                    cut |= dict.fromkeys(self._scopes(item, unit, text))
            except Fault as fault:
                self._tell(fault)
            except ConfigError as error:
                self._tell(self._fault(str(error), text))
            else:
                actions[name] = action
        blocks = cut or any(_REACH.get(action.name) for action in actions.values())
        if not blocks and not self._is_told:
            self._tell(self._fault(_UNENFORCED, value), Severity.WARNING)
        return tuple(actions.values()), tuple(scripts), tuple(cut)

    def _unit(self, name: str) -> Unit | None:
        """Return what the action's file says; nothing if it has none to be read."""
        path = _path(name)
        if name == NATIVE:
            return None
        if name.endswith(".py"):
            if not self._units.exists(path):
                raise ConfigError(f"there is no file {path}; correct the name")
            return None
        unit = self._units.unit(path)
        for fault in unit.faults:
            self._tell(fault)
        if not unit.is_readable:
            raise ConfigError(f"there is no {path}.conf that can be read; correct the name, or write native")
        if DEFINITION not in unit.sections:
            raise ConfigError(f"{path}.conf has no [{DEFINITION}]; it is made to be included, not to be used")
        return unit

    def _scopes(self, item: Item, unit: Unit | None, text: Text) -> Iterable[Scope]:
        reach = _REACH.get(item.name)
        if not reach:
            return ()
        options = _reach_options(item, unit)
        verdict = options.get("blocktype", "").split(maxsplit=1)
        if verdict and verdict[0].lower() in _LETS_IN:
            self._tell(self._fault(f"{item.name}: {_OPENS}", text), Severity.WARNING)
            return ()
        if reach is Reach.ALL or "allports" in options.get("type", "") + options.get("actiontype", ""):
            return (Scope(),)
        ports = options.get("port", "")
        found, faults = scopes(ports, options.get("protocol", "tcp" if ports else "all"), self._services)
        if not found:
            raise ConfigError("; ".join(faults))
        for fault in faults:
            self._tell(self._fault(f"{item.name}: {fault}", text), Severity.WARNING)
        return found

    def _fault(self, text: str, value: Text) -> Fault:
        return Fault(text, value.spot, self._jail, "action", value.text)

    def _tell(self, fault: Fault, severity: Severity = Severity.ERROR) -> None:
        self._is_told = True
        self._report(fault.problem(self._jail, severity))


def _path(name: str) -> str:
    """Return where the file of an action is, without the ending of a configuration file."""
    return name if name.startswith(("/", "./")) else f"action.d/{name}"


def _module(item: Item, name: str) -> Script:
    """Return an action in Python; all that is said of it are arguments."""
    arguments = tuple((key, value) for key, value in item.options.items() if key != "actname")
    return Script(name, arguments, _path(item.name))


def is_firewall(name: str) -> bool:
    """Whether an action is known to be a firewall that Banish could be itself."""
    return name in _REACH and name != NATIVE


def actname(action: Action, jail: str) -> str:
    """Return the name under which an action is known in its jail."""
    arguments = dict(action.arguments)
    if "actname" in arguments:
        return arguments["actname"]
    if action.name.endswith(".py"):
        return action.name.removesuffix(".py")
    name = arguments.get("name", jail)
    if name == jail:
        return action.name
    return action.name + (name.removeprefix(jail) if name.startswith(jail) else f"-{name}")


def _check_new(name: str, names: Container[str]) -> None:
    if name in names:
        raise ConfigError(f'a second action "{name}"; tell them apart with [actname=...]')


def _reach_options(item: Item, unit: Unit | None) -> dict[str, str]:
    """Return what decides how much is cut: arguments first, then the file's `[Init]` and `[Definition]`."""
    options = {name: Text.at(value) for name, value in item.options.items()}
    if unit:
        invented = {name: value for name, value in options.items() if name not in _REACH_OPTIONS}
        for section in (INIT, DEFINITION):
            read = unit.reader(section, invented)
            for name in _REACH_OPTIONS:
                value = read(name) if name in unit.sections.get(section, {}) else None
                if value:
                    options.setdefault(name, value)
                    options.setdefault(f"known/{name}", value)
    # Whether a type means all ports is in its name; what it stands for is shell.
    substituted = substitute(options, ignore={*AT_BAN, *_KINDS})
    return {name: value.text for name, value in substituted.items()}
