"""One section of `jail.conf` → one `JailConfig`: its own options, those of its filter, its actions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from banish.compat import optionlist, values
from banish.compat.actions import Actions
from banish.compat.filters import DEFINITION, OPTIONS, Filter
from banish.compat.layers import Units
from banish.compat.leftover import leftover
from banish.compat.sight import ALL_LOGS, Sight
from banish.compat.tags import expand
from banish.compat.text import Fault, Spot, Text, join
from banish.compat.unit import Options, Unit
from banish.core.config import Growth, JailConfig, LogPath, Problem, Rule, Severity, UseDns
from banish.core.errors import ConfigError
from banish.core.settings import JAIL, Kind, Setting

# Where both say something, the filter through arguments or `[Init]`. Source: runs of the original.
_FILTER_WINS = frozenset({"usedns", "prefregex", "maxlines"})
_JAIL_WINS = frozenset({"datepattern"})

_NEWLINE = Text.at("\n")


@dataclass(slots=True)
class _Draft:
    """A jail on its way: what its section says, what its filter tells, and what has come out of it.

    `given` comes before what the section says. `names` are those of the filter's options.
    """

    name: str
    given: Mapping[str, Text] = field(default_factory=dict)
    own: dict[str, Text] = field(default_factory=dict)
    told: dict[str, Text] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_broken(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def report(self, problem: Problem) -> None:
        self.problems.append(problem)

    def error(self, fault: Fault) -> None:
        self.problems.append(fault.problem(self.name))

    def warn(self, fault: Fault) -> None:
        self.problems.append(fault.problem(self.name, Severity.WARNING))

    def fault(self, text: str, key: str, value: Text | None = None) -> Fault:
        value = value or self.own.get(key) or Text.at("")
        return Fault(text, value.spot, self.name, key, value.text)

    def wants(self, key: str) -> bool:
        return values.flag(self.own[key].text if key in self.own else JAIL[key].default)

    def merged(self) -> dict[str, Text]:
        """Return what the filter and the jail say together."""
        both = self.own.keys() & self.told.keys()
        lists = {key: join([self.told[key], _NEWLINE, self.own[key]]) for key in both}
        return {
            **{key: value for key, value in self.told.items() if key in JAIL},
            **self.own,
            **lists,
            **{key: self.told[key] for key in both & _FILTER_WINS},
            **{key: self.own[key] for key in both & _JAIL_WINS},
        }


class JailReader:
    """Reads the sections of the unit `jail`, one after the other; problems go to `report`."""

    def __init__(
        self,
        units: Units,
        unit: Unit,
        services: Mapping[str, int],
        report: Callable[[Problem], object],
        sight: Sight = ALL_LOGS,
        *,
        runs_firewalls: bool = True,
    ) -> None:
        self._runs_firewalls = runs_firewalls
        self._units = units
        self._unit = unit
        self._services = services
        self._report = report
        self._sight = sight
        self._read: set[tuple[str, str]] = set()
        self._enabled: dict[str, None] = {}

    def read(self, name: str) -> JailConfig | None:
        """Return the jail; nothing if it is not enabled, not to run now, or if something is wrong with it."""
        draft = _Draft(name)
        jail = self._jail(draft)
        if jail and self._lacks_logs(jail):
            draft, jail = self._without_logs(draft, jail)
        for problem in draft.problems:
            self._report(problem)
        return None if draft.is_broken else jail

    def _lacks_logs(self, jail: JailConfig) -> bool:
        patterns = [] if jail.backend.startswith("systemd") else [path.pattern for path in jail.logpaths]
        return bool(patterns) and not any(map(self._sight.has_log, patterns))

    def _without_logs(self, draft: _Draft, jail: JailConfig) -> tuple[_Draft, JailConfig | None]:
        """Do what the jail wants done while none of its logs is there; by default it waits for them.

        Source: jail.conf(5) of release 1.1.1, skip_if_nologs and systemd_if_nologs.
        """
        logpath = draft.merged()["logpath"]
        is_in_journal = self._sight.has_journal and jail.backend.startswith("auto") and jail.journalmatch
        if is_in_journal and draft.wants("systemd_if_nologs"):
            draft = _Draft(draft.name, {"backend": Text.at("systemd")})
            found = self._jail(draft)
            draft.warn(draft.fault("no log file is there; the journal is read instead", "logpath", logpath))
            return draft, found
        if draft.wants("skip_if_nologs"):
            draft.warn(draft.fault("no log file is there, so that the jail is left out", "logpath", logpath))
            return draft, None
        return draft, jail

    def unread(self) -> Iterator[Problem]:
        """Yield what stands in enabled jails in vain; all jails must have been read."""
        names = {*JAIL, *self._unit.defaults}
        for jail in self._enabled:
            for key, value in self._unit.sections[jail].items():
                if key not in JAIL and (jail, key) not in self._read:
                    near = difflib.get_close_matches(key, names - {key}, n=1) if key not in names else []
                    hint = f"; did you mean {near[0]}?" if near else ""
                    text = f"no setting of a jail, and nothing that this jail uses refers to it{hint}"
                    yield Fault(text, value.spot, jail, key, value.text).problem(severity=Severity.WARNING)

    def _jail(self, draft: _Draft) -> JailConfig | None:
        for fault in self._unit.faults:
            if fault.section == draft.name:
                draft.error(fault)
        if not self._is_enabled(draft):
            return None
        self._enabled[draft.name] = None
        first = self._texts(draft, ("enabled", "backend", "filter"))
        filter_name, source = self._filter(draft, first.get("filter"), first.get("backend"))
        known: dict[str, Text] = {}
        if source:
            try:
                known = source.known(_converted(first))
            except Fault as fault:
                draft.error(fault)
                source = None
        draft.own = self._texts(draft, JAIL, {f"known/{key}": value for key, value in known.items()})
        if source:
            draft.names = source.names
            try:
                draft.told = source.options(_converted(draft.own))
            except Fault as fault:
                draft.error(fault)
        return self._built(draft, filter_name)

    def _is_enabled(self, draft: _Draft) -> bool:
        text = self._texts(draft, ["enabled"]).get("enabled")
        return text is not None and _value(draft, JAIL["enabled"], text) is True

    def _texts(self, draft: _Draft, keys: Iterable[str], known: Options | None = None) -> dict[str, Text]:
        """Return what the section says, as far as it can be read."""
        given = {**draft.given, **(known or {})}
        get = self._unit.reader(draft.name, given, lambda section, key: self._read.add((section, key)))
        found: dict[str, Text] = {}
        for key in keys:
            try:
                value = get(key)
            except Fault as fault:
                # What a broken filter should have said is missed only because of what is told already.
                if not (draft.is_broken and "%(known/" in fault.text):
                    draft.error(fault)
            else:
                found |= {key: value} if value else {}
        return found

    def _filter(self, draft: _Draft, value: Text | None, backend: Text | None) -> tuple[str, Filter | None]:
        """Return the filter's name, and the filter if it can be used."""
        if not value or not value.text:
            if not draft.is_broken:
                draft.warn(draft.fault("no filter; only the jail's own expressions count", "filter", value))
            return "", None
        try:
            item = optionlist.parse(value.text)
            unit = self._filter_unit(draft, item.name)
        except ConfigError as error:
            draft.error(draft.fault(str(error), "filter", value))
            return "", None
        arguments = {key: Text.at(argument, value.spot) for key, argument in item.options.items()}
        if DEFINITION not in unit.sections and not unit.faults:
            text = f"{unit.name}.conf has no [{DEFINITION}]; only the jail's own expressions count"
            draft.warn(draft.fault(text, "filter", value))
        source = None if unit.faults else Filter(unit, arguments, backend.text if backend else "auto")
        return item.name, source

    def _filter_unit(self, draft: _Draft, name: str) -> Unit:
        path = name if name.startswith(("/", "./")) else f"filter.d/{name}"
        unit = self._units.unit(path)
        for fault in unit.faults:
            draft.error(fault)
        if not unit.faults and not unit.is_readable:
            raise ConfigError(f"there is no {path}.conf; correct the name")
        return unit

    def _built(self, draft: _Draft, filter_name: str) -> JailConfig:
        texts = draft.merged()
        found: dict[str, object] = {"name": draft.name, "filter": filter_name}
        growth: dict[str, object] = {}
        for setting in JAIL.values():
            text = texts.get(setting.name)
            if text and setting.field and setting.kind not in _WITH_CONTEXT:
                group, _, name = setting.field.rpartition(".")
                value = _value(draft, setting, text)
                if value is not None:
                    (growth if group else found)[name] = value
        usedns = found["usedns"] = UseDns(found.get("usedns", UseDns.WARN.value))
        prefix = texts.get("prefregex", Text.at(""))
        found["prefregex"] = next(_rules(draft, "prefregex", [(prefix.text, prefix.spot)], usedns), None)
        for key in ("failregex", "ignoreregex"):
            found[key] = tuple(_rules(draft, key, texts.get(key, Text.at("")).lines(), usedns))
        _warn_of_leftovers(draft, texts)
        if not found["failregex"] and not draft.is_broken:
            draft.warn(draft.fault("no expression, so that nobody is ever banned", "failregex"))
        actions = Actions(
            self._units,
            self._services,
            draft.name,
            draft.report,
            draft.own,
            runs_firewalls=self._runs_firewalls,
        )
        found["actions"], found["scripts"], found["scopes"] = actions.read(texts.get("action", Text.at("")))
        make_growth: Callable[..., Growth] = Growth
        found["growth"] = make_growth(**growth) if found.get("growth") else None
        make: Callable[..., JailConfig] = JailConfig
        return make(**found)


def _warn_of_leftovers(draft: _Draft, texts: Options) -> None:
    """Tell of tags that nothing has replaced."""
    for key in OPTIONS:
        for line, spot in texts.get(key, Text.at("")).lines():
            if text := leftover(line, draft.names):
                draft.warn(Fault(text, spot, draft.name, key, line))


_WITH_CONTEXT = frozenset({Kind.RULE, Kind.RULES, Kind.FILTER, Kind.ACTIONS})
"""What cannot be read from its own text alone."""


def _value(draft: _Draft, setting: Setting, text: Text) -> object:
    try:
        value = values.read(setting, text.text)
        doubt = values.doubt(setting, text.text)
    except ConfigError as error:
        draft.error(draft.fault(str(error), setting.name, text))
        return None
    if doubt:
        draft.warn(draft.fault(doubt, setting.name, text))
    return _placed(cast("tuple[LogPath, ...]", value), text) if setting.kind is Kind.PATHS else value


def _placed(paths: Sequence[LogPath], text: Text) -> tuple[LogPath, ...]:
    """Let each path know where it is written."""
    spots = [spot for line, spot in text.lines() if line.strip()]
    return tuple(replace(path, file=file, line=line) for path, (file, line) in zip(paths, spots, strict=True))


def _rules(draft: _Draft, key: str, lines: Iterable[tuple[str, Spot]], usedns: UseDns) -> Iterator[Rule]:
    for line, spot in lines:
        if line.strip():
            try:
                yield Rule(line, expand(line, usedns), *spot)
            except ConfigError as error:
                draft.error(Fault(str(error), spot, draft.name, key, line))


def _converted(options: Options) -> dict[str, Text]:
    """Return what filters get to see of a jail's options: values, as the original prints them."""
    seen: dict[str, Text] = {}
    for key, value in options.items():
        text = value.text
        match JAIL[key].kind:
            case Kind.FLAG:
                text = str(values.flag(text))
            case Kind.WHOLE:
                try:
                    text = str(values.whole(text))
                except ConfigError:
                    continue  # told where the value itself is read
        seen[key] = Text.at(text, value.spot) if text != value.text else value
    return seen
