"""From what is named on the command line to rules that can be tried."""

from __future__ import annotations

import locale
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from banish.adapters.tree import Found, services
from banish.compat.filters import DEFINITION, INIT
from banish.compat.jail import JailReader
from banish.compat.jails import jail_unit
from banish.compat.layers import Units
from banish.compat.optionlist import parse
from banish.compat.tags import expand
from banish.compat.text import Text
from banish.compat.unit import Unit
from banish.core.config import Config, JailConfig, Problem, Rule, UseDns
from banish.core.errors import ConfigError
from banish.core.model import FOREVER
from banish.core.rules import JailRules, compile_config
from banish.daemon.configuration import calendar
from banish.faces.fail2ban.naming import Expression, Named, NamedFilter, NamedJail
from banish.faces.fail2ban.options import Options
from banish.faces.fail2ban.trouble import trouble


def encoding() -> str:
    """Return the encoding of logs if nobody names another."""
    return locale.getpreferredencoding(do_setlocale=False)


def jail_of(named: Named, backend: str) -> JailConfig:
    """Read what is named, or raise `ConfigError`; `backend` tells filters where the lines come from."""
    match named:
        case NamedJail():
            return _read(named.tree, *_jail(named, backend))
        case NamedFilter():
            section = {"filter": _call(named.path, named.options), "backend": backend}
            faults = _filter_unit(named, named.path).faults
            if faults:
                raise ConfigError("\n".join(map(str, faults)))
            return _read(named.tree, named.name, _unit({named.name: section}))
        case Expression():
            return JailConfig("", failregex=(Rule(named.text, ""),))
        case _:
            assert_never(named)


def has_maxlines(named: Named) -> bool:
    """Whether what is named says how many lines are looked at, be it one."""
    match named:
        case NamedJail():
            unit = jail_unit(Units(named.tree.files), str(named.tree.root))
            call = unit.get(named.name, "filter")
            path = parse(call.text).name if call and call.text else ""
            return "maxlines" in unit.sections[named.name] or _filter_says(named, path)
        case NamedFilter():
            return _filter_says(named, named.path)
        case Expression():
            return False
        case _:
            assert_never(named)


def _filter_says(named: NamedJail | NamedFilter, path: str) -> bool:
    unit = _filter_unit(named, path)
    sections = (named.options, *(unit.sections.get(name, {}) for name in (DEFINITION, INIT)))
    return any("maxlines" in section for section in sections)


def _filter_unit(named: NamedJail | NamedFilter, path: str) -> Unit:
    return Units(named.tree.files).unit(path if path.startswith("/") else f"filter.d/{path}")


def changed(jail: JailConfig, options: Options) -> JailConfig:
    """Return the jail with what the command line says instead; no line is too old for it."""
    usedns, text = options.usedns, options.ignoreregex
    return replace(
        jail,
        findtime=FOREVER,
        usedns=usedns,
        maxlines=options.maxlines or jail.maxlines,
        datepatterns=tuple(options.datepattern.split("\n")) if options.datepattern else jail.datepatterns,
        logtimezone=options.timezone or jail.logtimezone,
        logencoding=options.encoding or "auto",
        prefregex=_expanded(jail.prefregex, usedns) if jail.prefregex else None,
        failregex=tuple(_expanded(rule, usedns) for rule in jail.failregex),
        ignoreregex=tuple(
            _expanded(rule, usedns) for rule in (jail.ignoreregex if text is None else (Rule(text, ""),))
        ),
    )


def compiled(jail: JailConfig) -> JailRules:
    """Compile the rules; `ConfigError` names everything that is wrong with them."""
    program, problems = compile_config(Config((jail,)), calendar(), encoding())
    if not program.jails:
        raise trouble(problems)
    return program.jails[0]


def _expanded(rule: Rule, usedns: UseDns) -> Rule:
    return replace(rule, regex=expand(rule.text, usedns))


def _jail(named: NamedJail, backend: str) -> tuple[str, Unit]:
    """Return the jail's section with the options of its filter changed, and without its actions."""
    unit = jail_unit(Units(named.tree.files), str(named.tree.root))
    section = {"action": Text.at(""), "enabled": Text.at("true"), "backend": Text.at(backend)}
    call = unit.get(named.name, "filter")
    if call and call.text and named.options:
        item = parse(call.text)
        section["filter"] = _text(_call(item.name, {**item.options, **named.options}))
    return named.name, replace(
        unit, sections={**unit.sections, named.name: {**unit.sections[named.name], **section}}
    )


def _unit(sections: Mapping[str, Mapping[str, str]]) -> Unit:
    texts = {
        name: {key: _text(value) for key, value in {"enabled": "true", **section}.items()}
        for name, section in sections.items()
    }
    return Unit("jail", is_readable=True, defaults={}, sections=texts, headers={})


def _text(value: str) -> Text:
    return Text.at(value.replace("%", "%%"))


def _call(name: str, options: Mapping[str, str]) -> str:
    """Write a filter as a jail calls it; a value is in the quotes that it does not hold itself."""
    quoted = (f"{key}={_quoted(value)}" for key, value in options.items())
    return f"{name}[{', '.join(quoted)}]" if options else name


def _quoted(value: str) -> str:
    quote = next((quote for quote in "\"'" if quote not in value), "")
    return f"{quote}{value}{quote}"


def _read(tree: Found, name: str, unit: Unit) -> JailConfig:
    problems: list[Problem] = []
    jail = JailReader(Units(tree.files), unit, services(), problems.append).read(name)
    if jail is None:
        raise trouble(problems)
    return jail
