"""Debian's annotated samples: which lines go to which filter, and which of them must match.

An annotation is a comment with a word and JSON: `failJSON` describes the next line, `filterOptions` the
options under which the following lines are tried, `fileOptions` what all of them share, `addFILE` a file to
go on with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from compat.case import Case

_ANNOTATION: Final = re.compile(r"#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)")
_CONDITION: Final = re.compile(r"(?:name|opts\.get\('(\w+)'\)) ?(==|!=) ?'(\w+)'")
_JOURNAL_DATE: Final = "2025-12-31T23:30:00"
_JOURNAL_PATTERN: Final = r"^%Y-%m-%dT%H:%M:%S[ ]"

Options = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sample:
    """A line as the filter gets it, and whether it must match."""

    line: str
    matches: bool


@dataclass(slots=True)
class Group:
    """All samples of one filter under one set of options, in order: they are one log."""

    filter: str
    options: dict[str, str]
    samples: list[Sample] = field(default_factory=list)

    @property
    def expected(self) -> int:
        """How many lines must match."""
        return sum(sample.matches for sample in self.samples)

    def case(self) -> Case:
        """Return the log and the call; lines of a journal are preceded by a date that is cut out again."""
        is_journal = self.options.get("logtype") == "journal"
        call = ", ".join(f'{name}="{value}"' for name, value in self.options.items())
        name = f"{self.filter}[{call}]" if call else self.filter
        date = f"{_JOURNAL_DATE} " if is_journal else ""
        log = "".join(f"{date}{sample.line}\n" for sample in self.samples)
        return Case(name, log.encode(), call=name, datepattern=_JOURNAL_PATTERN if is_journal else "")


def groups(folder: Path, tree: Path) -> Iterator[Group]:
    """Yield the groups of every file in `folder` that is named like a filter of `tree`."""
    for file in sorted(folder.iterdir()):
        if file.is_file() and (tree / "filter.d" / f"{file.name}.conf").exists():
            yield from _Reader(folder, file.name).groups()


class _Reader:
    """Reads the files of one filter."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._files = [name]
        self._common: dict[str, str] = {}
        self._active: list[tuple[Group, Options]] = []
        self._groups: dict[str, Group] = {}
        self._skips = False

    def groups(self) -> Sequence[Group]:
        for file in self._files:  # it grows
            self._skips = False
            self._read((self._folder / file).read_bytes().decode("utf-8", "replace"))
        return [group for group in self._groups.values() if group.samples]

    def _read(self, text: str) -> None:
        lines = iter(text.split("\n"))
        for line in lines:
            annotation = _ANNOTATION.fullmatch(line.rstrip("\r"))
            if annotation and annotation[1] != "failJSON":
                self._obey(annotation[1], json.loads(annotation[2]))
            elif annotation:
                self._add(next(lines), json.loads(annotation[2]))
            elif line.strip() and not line.startswith("#"):
                self._add(line, {})

    def _obey(self, word: str, value: str | dict[str, str] | list[dict[str, str]]) -> None:
        if isinstance(value, str):
            self._files.append(value)
        elif isinstance(value, list):
            self._activate(value)
        elif word == "fileOptions":
            self._common = value
        else:
            self._activate([value])

    def _activate(self, sets: Sequence[Mapping[str, str]]) -> None:
        self._active = []
        self._skips = False
        for given in sets:
            options = {**self._common, **given}
            condition = options.get("test.condition")
            self._skips = condition is not None and not self._holds(condition, options)
            if not self._skips:
                self._active.append((self._group(options), options))

    def _group(self, options: Options) -> Group:
        public = {name: value for name, value in options.items() if not name.startswith("test.")}
        return self._groups.setdefault(str(public), Group(self._name, public))

    def _holds(self, condition: str, options: Options) -> bool:
        found = _CONDITION.fullmatch(condition)
        if found is None:
            raise ValueError(f"{self._name}: this condition is of a new kind: {condition}")
        value = options.get(found[1]) if found[1] else self._name
        return (value == found[3]) == (found[2] == "==")

    def _add(self, line: str, expected: Mapping[str, object]) -> None:
        if self._skips:
            return
        constraint = expected.get("constraint")
        for group, options in self._active or [(self._group({}), {})]:
            if not isinstance(constraint, str) or self._holds(constraint, options):
                text = options.get("test.prefix-line", "") + line.rstrip("\r\n")
                group.samples.append(Sample(text, matches=bool(expected.get("match"))))
