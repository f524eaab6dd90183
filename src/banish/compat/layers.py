"""Which files make up a unit, in which order, and how one is laid over the other.

A unit has a base name: `jail` is `jail.conf`, `jail.d/*.conf`, `jail.local`, `jail.d/*.local`, each with its
includes; what a later file says counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from banish.compat.files import Files, beside, normal, stem
from banish.compat.ini import DEFAULT, IniFile, parse
from banish.compat.text import Fault, Spot, Text
from banish.compat.unit import KNOWN, Options, Unit
from banish.core.errors import ConfigError

INCLUDES = "INCLUDES"
MOST_FILES = 1000  # read for one unit; a big machine has 100, a circle of includes any number
DEEPEST = 50  # includes within includes; the stock tree has 4

_CONDITIONAL = re.compile(r"(\w+)(\?.+)", re.DOTALL)


class Units:
    """Reads units; every file is read and parsed once, so that a reader lives for one load."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._parsed: dict[str, IniFile | Fault | None] = {}
        self._units: dict[tuple[str, ...], Unit] = {}

    def unit(self, *names: str) -> Unit:
        """Read the unit of that base name; of several, as one, the later on top of the earlier."""
        if names not in self._units:
            self._units[names] = self._read(names)
        return self._units[names]

    def exists(self, path: str) -> bool:
        """Whether there is a file; what is in it does not matter."""
        try:
            return self._files.text(path) is not None
        except ConfigError:
            return True

    def _read(self, names: Sequence[str]) -> Unit:
        first_rank = [path for name in names for path in self._first_rank(name)]
        layers = _Layers()
        faults: list[Fault] = []
        skipped: dict[str, Fault] = {}
        try:
            for path in self._expand(first_rank):
                file = self._file(path)
                if isinstance(file, Fault):
                    skipped[path] = file
                elif file:
                    layers.add(file)
        except Fault as fault:
            faults.append(fault)
        unread = [skipped.pop(path) for path in first_rank if path in skipped]
        return Unit(
            name=names[0],
            is_readable=bool(first_rank) and not unread,
            defaults=layers.defaults,
            sections=layers.sections,
            headers=layers.headers,
            faults=(*unread, *faults, *layers.faults),
            skipped=tuple(skipped.values()),
        )

    def _first_rank(self, name: str) -> Iterator[str]:
        """Yield the files that exist, not counting includes."""
        for extension in (".conf", ".local"):
            folder = sorted(
                f"{name}.d/{entry}"
                for entry in self._files.names(f"{name}.d")
                if entry.endswith(extension) and not entry.startswith(".")
            )
            yield from (path for path in [normal(name + extension), *folder] if self._file(path))

    def _file(self, path: str) -> IniFile | Fault | None:
        """Return the parsed file, why it cannot be read, or nothing where there is none."""
        if path not in self._parsed:
            try:
                text = self._files.text(path)
            except ConfigError as error:
                self._parsed[path] = Fault(f"cannot be read: {error}", Spot(path))
            else:
                self._parsed[path] = None if text is None else parse(text, path)
        return self._parsed[path]

    def _expand(self, paths: Sequence[str]) -> Iterator[str]:
        """Yield the files in the order in which they count, with all includes."""
        for number, path in enumerate(self._expanded(paths, ())):
            if number >= MOST_FILES:
                raise Fault(
                    f"the includes lead to more than {MOST_FILES} files, some of them in circles", Spot(path)
                )
            yield path

    def _expanded(self, paths: Sequence[str], ancestors: tuple[str, ...]) -> Iterator[str]:
        if len(ancestors) > DEEPEST:
            raise Fault(f"files include each other more than {DEEPEST} deep", Spot(ancestors[-1]))
        for path in self._with_local(paths):
            yield from self._included(path, "before", ancestors)
            yield path
            yield from self._included(path, "after", ancestors)

    def _with_local(self, paths: Sequence[str]) -> Iterator[str]:
        """Yield every file, and behind it its `.local` unless that is in the list itself."""
        for path in paths:
            yield path
            local = f"{stem(path)}.local"
            if local not in paths and self._file(local):
                yield local

    def _included(self, path: str, key: str, ancestors: tuple[str, ...]) -> Iterator[str]:
        file = self._file(path)
        if not isinstance(file, IniFile) or INCLUDES not in file.sections:
            return
        # An include sees its own file only: what other files say may depend on it.
        alone = Unit(
            path, is_readable=True, defaults=file.defaults, sections=file.sections, headers=file.headers
        )
        value = alone.get(INCLUDES, key) or Text.at("")
        others = [beside(path, line.strip()) for line in value.text.split("\n") if line.strip()]
        for other in others:
            if other not in ancestors:
                yield from self._expanded([other], (*ancestors, path))


class _Layers:
    """What the files said so far."""

    def __init__(self) -> None:
        self.defaults: dict[str, Text] = {}
        self.sections: dict[str, dict[str, Text]] = {}
        self.headers: dict[str, Spot] = {}
        self.faults: list[Fault] = []

    def add(self, file: IniFile) -> None:
        self.defaults.update(file.defaults)
        for name, options in file.sections.items():
            self._add(name, options)
        for name, spot in file.headers.items():
            if name != DEFAULT:
                self.headers.setdefault(name, spot)
        self.faults.extend(fault for fault in file.faults if fault not in self.faults)

    def _add(self, name: str, options: Options) -> None:
        conditional = _CONDITIONAL.fullmatch(name)
        if conditional:
            name, condition = conditional.groups()
            options = {key + condition: value for key, value in options.items()}
        if name in self.sections:
            section = self.sections[name]
            before = {key: section[key] for key in options if key in section}
            self.sections.setdefault(KNOWN + name, {}).update(before)
            section.update(options)
        else:
            self.sections[name] = dict(options)
