"""From a directory to a program: what every command that knows the configuration begins with."""

from __future__ import annotations

import locale
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from banish.adapters.journal.presence import has_journal
from banish.adapters.localzone import SystemZone
from banish.adapters.sources.patterns import is_there
from banish.adapters.tree import find, services
from banish.compat.files import Files, MemoryFiles, Overlay
from banish.compat.jails import Reading, read
from banish.compat.layers import Units
from banish.compat.server import server
from banish.compat.sight import Sight
from banish.core.config import Config, Problem, ServerConfig, Severity
from banish.core.errors import ConfigError
from banish.core.rules import Calendar, Program, compile_config
from banish.daemon.inquiries import query_of


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration as it can run, and everything that is wrong with it."""

    directory: str
    config: Config
    program: Program
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep something from running."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


class _OnlyFilters:
    """A tree whose own jails are hidden; its filters are not."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def text(self, path: str) -> str | None:
        return None if path.startswith("jail.") else self._files.text(path)

    def names(self, folder: str) -> Sequence[str]:
        return () if folder.startswith("jail.") else self._files.names(folder)


def calendar() -> Calendar:
    """Return the zone of this machine and the present year."""
    zone = SystemZone()
    return Calendar(zone, datetime.now(zone).year)


def load(directory: str | None, also: Sequence[str] = ()) -> Loaded:
    """Read and compile the configuration in `directory`, or where it usually is.

    The jails in `also` run even if they are not enabled. `ConfigError` if there is no such directory;
    everything else is among the problems.
    """
    tree = find(directory)
    sight = Sight(is_there, has_journal=has_journal())
    return _compiled(str(tree.root), read(tree.files, services(), str(tree.root), also, sight))


def load_server(directory: str | None) -> ServerConfig:
    """Read only what is not about jails; where something is wrong the default holds."""
    units = Units(find(directory).files)
    return server(units.unit("fail2ban", "banish"), lambda _: None)


def compiled_anew(loaded: Loaded, config: Config) -> Loaded:
    """Return a configuration that was changed since it was read. `ConfigError` if a jail of it cannot run."""
    program, problems = compile_config(config, calendar(), _encoding())
    if problems:
        raise ConfigError("; ".join(map(str, problems)))
    return replace(loaded, config=config, program=program)


def load_filters(directory: str | None, calls: Mapping[str, str]) -> Loaded:
    """Compile filters without their jails: `calls` is name → `sshd[mode=aggressive]`."""
    tree = find(directory)
    jails = (
        f"[{name}]\nenabled = true\nfilter = {_escaped(call)}\naction =\n" for name, call in calls.items()
    )
    files = Overlay(MemoryFiles({"jail.conf": "".join(jails)}), _OnlyFilters(tree.files))
    return _compiled(str(tree.root), read(files, services(), str(tree.root)))


def _escaped(value: str) -> str:
    return value.replace("%", "%%").replace("\n", " ")


def _compiled(root: str, reading: Reading) -> Loaded:
    program, problems = compile_config(reading.config, calendar(), _encoding())
    mistakes = tuple(_mistakes(program))
    wrong = {mistake.jail for mistake in mistakes}
    program = replace(program, jails=tuple(each for each in program if each.jail.name not in wrong))
    return Loaded(root, reading.config, program, (*reading.problems, *problems, *mistakes))


def _mistakes(program: Program) -> Iterator[Problem]:
    """Yield what is wrong with questions to the journal."""
    for rules in program:
        jail = rules.jail
        try:
            if jail.reads_journal:
                query_of(jail)
        except ConfigError as error:
            yield Problem(
                Severity.ERROR,
                str(error),
                section=jail.name,
                key="backend",
                value=jail.backend,
                jail=jail.name,
            )


def _encoding() -> str:
    return locale.getpreferredencoding(do_setlocale=False)
