r"""One file of fail2ban's INI dialect, with the line of everything in it.

The dialect is that of Python's `configparser` (strict, `=` and `:`, `#` and `;` for whole comment lines, ` ;`
for the rest of a line, blank lines within values, names in lower case). That parser stops at the first fault
and forgets line numbers; this one reports every fault and reads on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from banish.compat.text import Fault, Spot, Text

DEFAULT = "DEFAULT"

_HEADER = re.compile(r"\[(.+)\]")
_OPTION = re.compile(r"(.*?)\s*[=:]\s*(.*)$")
_INLINE_COMMENT = re.compile(r"(?:^|(?<=\s));")


@dataclass(frozen=True, slots=True)
class IniFile:
    """What a file says. `faults` name the section they stand in, empty before the first header."""

    path: str
    defaults: Mapping[str, Text] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    headers: Mapping[str, Spot] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class _Value:
    """A value that may still grow by lines."""

    lines: list[str]
    spots: list[Spot]

    def grow(self, line: str, spot: Spot) -> None:
        self.lines.append(line)
        self.spots.append(spot)

    def close(self) -> Text:
        text = "\n".join(self.lines).rstrip()
        return Text(text, tuple(self.spots[: text.count("\n") + 1]))


class _Parser:
    def __init__(self, path: str) -> None:
        self.path = path
        self.sections: dict[str, dict[str, _Value]] = {DEFAULT: {}}
        self.headers: dict[str, Spot] = {}
        self.faults: list[Fault] = []
        self.section: str | None = None
        self.value: _Value | None = None
        self.indent = 0

    def line(self, spot: Spot, line: str) -> None:
        comment = _INLINE_COMMENT.search(line)
        is_comment = comment is not None or line.lstrip().startswith("#")
        kept = "" if line.lstrip().startswith(("#", ";")) else line[: comment.start()] if comment else line
        content = kept.strip()
        if not content:
            if not is_comment and self.value:
                self.value.grow("", spot)
            return
        indent = len(line) - len(line.lstrip())
        if self.value and indent > self.indent:
            self.value.grow(content, spot)
            return
        self.indent = indent
        header = _HEADER.match(content)
        if header:
            self._open(header[1], spot)
        else:
            self._option(content, spot)

    def _open(self, name: str, spot: Spot) -> None:
        self.section = name
        self.value = None
        if name in self.headers and name != DEFAULT:
            first = self.headers[name].line
            text = f"the section is in this file twice, first on line {first}; put both together"
            self.faults.append(Fault(text, spot, name))
        self.headers.setdefault(name, spot)
        self.sections.setdefault(name, {})

    def _option(self, content: str, spot: Spot) -> None:
        option = _OPTION.match(content)
        if self.section is None:
            self._fault(
                "stands before the first section; begin the file with a line like [DEFAULT]", spot, content
            )
        elif not option or not option[1]:
            text = "neither option nor section; write name = value, or indent it to continue the value above"
            self._fault(text, spot, content)
        else:
            self._set(self.sections[self.section], option[1].lower(), option[2].strip(), spot)

    def _set(self, section: dict[str, _Value], key: str, value: str, spot: Spot) -> None:
        if key in section:
            first = section[key].spots[0].line
            text = f"is in this section twice, first on line {first}; keep one of them"
            self.faults.append(Fault(text, spot, self.section or "", key, value))
        self.value = section[key] = _Value([value], [spot])

    def _fault(self, text: str, spot: Spot, content: str) -> None:
        self.value = _Value([], [])  # what is indented under a bad line belongs to it: one fault is enough
        self.faults.append(Fault(f'"{content[:60]}" {text}', spot, self.section or ""))


def parse(text: str, path: str) -> IniFile:
    """Read all of a file; of what is there twice the later one counts, as in the next file it would."""
    parser = _Parser(path)
    if text.startswith("\ufeff"):
        text = text[1:]
        parser.faults.append(
            Fault("begins with a byte order mark; save it as UTF-8 without one", Spot(path, 1))
        )
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        parser.line(Spot(path, number), line)
    closed = {
        name: {key: value.close() for key, value in options.items()}
        for name, options in parser.sections.items()
    }
    defaults = closed.pop(DEFAULT)
    return IniFile(path, defaults, closed, parser.headers, tuple(parser.faults))
