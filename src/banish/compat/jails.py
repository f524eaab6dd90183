"""A tree of configuration files → one `Config`, and every problem in it.

Unlike the original, which gives up as a whole, only the jails that a problem concerns are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from banish.compat import FAIL2BAN_VERSION, ignoreip
from banish.compat.files import Files
from banish.compat.jail import JailReader
from banish.compat.layers import INCLUDES, Units
from banish.compat.server import server
from banish.compat.sight import ALL_LOGS, Sight
from banish.compat.text import Fault, Spot, Text
from banish.compat.unit import KNOWN, Options, Unit
from banish.core.config import Config, JailConfig, Problem, Severity


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the jails that can run, and all that is wrong."""

    config: Config
    problems: tuple[Problem, ...]


def read(
    files: Files,
    services: Mapping[str, int],
    root: str = "/etc/banish",
    also: Collection[str] = (),
    sight: Sight = ALL_LOGS,
) -> Reading:
    """Read the whole configuration.

    `services` are ports by name, as in `port = http,https`. `root` is what `%(fail2ban_confpath)s` says.
    The jails in `also` are read even if they are not enabled. `sight` is asked for the logs of jails that do
    not wait for theirs.
    """
    units = Units(files)
    problems: dict[Problem, None] = {}
    report = problems.setdefault
    whole = server(units.unit("fail2ban", "banish"), report)
    unit = jail_unit(units, root)
    unit = replace(unit, sections={**unit.sections, **_enabled(unit, also)})
    jails: list[JailConfig] = []
    if _is_sound(unit, report):
        runs = whole.firewalls == "run"
        reader = JailReader(units, unit, services, report, sight, runs_firewalls=runs)
        jails = [jail for name in _jail_names(unit, report) if (jail := reader.read(name))]
        for problem in (*reader.unread(), *ignoreip.problems(unit, [jail.name for jail in jails])):
            report(problem)
    return Reading(Config(tuple(jails), whole), tuple(problems))


def jail_unit(units: Units, root: str) -> Unit:
    """Return the sections of all jails, with what is defined beforehand."""
    unit = units.unit("jail")
    names = {"fail2ban_version": FAIL2BAN_VERSION, "fail2ban_confpath": root}
    return replace(unit, defaults={**unit.defaults, **{key: Text.at(value) for key, value in names.items()}})


def _enabled(unit: Unit, names: Collection[str]) -> dict[str, Options]:
    return {
        name: {**unit.sections[name], "enabled": Text.at("true")} for name in names if name in unit.sections
    }


def _is_sound(unit: Unit, report: Callable[[Problem], object]) -> bool:
    """Report what concerns no single jail; say whether jails can be read at all."""
    for fault in unit.skipped:
        report(fault.problem(severity=Severity.WARNING))
    for fault in unit.faults:
        if fault.section not in unit.sections or fault.section == INCLUDES:
            report(fault.problem())
    if not unit.is_readable and not unit.faults:
        report(Fault("there is no jail.conf and no jail.local; write one", Spot("jail.conf")).problem())
    return unit.is_readable


def _jail_names(unit: Unit, report: Callable[[Problem], object]) -> list[str]:
    names = [name for name in unit.sections if name != INCLUDES and not name.startswith(KNOWN)]
    if "--all" in names:
        names.remove("--all")
        report(
            Fault(
                "means every jail and cannot be the name of one; choose another", unit.headers["--all"]
            ).problem()
        )
    return names
