"""The commands of an action for one event: what the shell is given.

First the tags that the configuration explains are replaced, then, in one pass, those that tell of the event.
A value of an event that holds anything the shell could read is not put in: it is handed over as a parameter.
Source: jail.conf(5), and runs of the original.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from banish.compat import values
from banish.compat.actionfile import LINES
from banish.compat.hittags import shell_script, tags_in
from banish.compat.substitution import substitute
from banish.compat.text import Fault, Text
from banish.core.config import Script
from banish.core.errors import ConfigError

FAMILIES: Final = ("inet4", "inet6")

Value = Callable[[str], str | None]
"""What a tag stands for; nothing for a tag that says nothing of an event."""


@dataclass
class Rendering:
    """One action, ready to be rendered; `host` names this machine, in full and in short."""

    script: Script
    host: tuple[str, str] = ("", "")
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    _tags: dict[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def properties(self) -> Mapping[str, Text]:
        """All values, by name."""
        return {name: Text.at(value) for name, value in self.script.properties}

    @cached_property
    def families(self) -> tuple[str, ...]:
        """The families that are dealt with apart; one without a name if there is no difference."""
        if given := self._text("families"):
            return tuple(given.replace(",", " ").split())
        return FAMILIES if any("?family=" in name for name in self.properties) else ("",)

    @cached_property
    def is_on_demand(self) -> bool:
        """Whether nothing is started before somebody is banned."""
        given = self._text("actionstart_on_demand")
        return values.flag(given) if given else any("?family=" in name for name in self.properties)

    @cached_property
    def leaves_out_restored(self) -> bool:
        """Whether bans of an earlier life are none of its business."""
        return values.flag(self._text("norestored"))

    @cached_property
    def repairs_on_unban(self) -> bool:
        """Whether what is broken is mended to let somebody in."""
        return values.flag(self._text("actionrepair_on_unban"))

    @cached_property
    def timeout(self) -> float:
        """How long one command may take, in seconds."""
        try:
            return float(values.seconds(self._text("timeout") or "60"))
        except ConfigError:
            return 60.0

    def _text(self, name: str) -> str:
        return self.properties[name].text if name in self.properties else ""

    def has(self, command: str) -> bool:
        """Whether there is anything to run."""
        return bool(self._text(command).strip())

    def tags(self, command: str) -> frozenset[str]:
        """Return the tags of which a command needs the value for a ban."""
        if command not in self._tags:
            texts = (self.plain(command, family) for family in self.families)
            self._tags[command] = frozenset(tag for text in texts for tag in tags_in(text))
        return self._tags[command]

    def plain(self, command: str, family: str) -> str:
        """Return a command with all replaced that does not depend on an event; empty if there is none."""
        key = command, family
        if key not in self._known:
            self._known[key] = self._made(command, family).strip()
        return self._known[key]

    def words(self, command: str, family: str, value: Value) -> Sequence[str]:
        """Return what follows `sh -c`: the script, and its parameters from `$0` on."""
        return shell_script(self.plain(command, family), value)

    def _made(self, command: str, family: str) -> str:
        condition = f"family={family}" if family else ""
        start = self.properties.get(f"{command}?{condition}") or self.properties.get(command)
        if start is None:
            return ""
        options = {**self.properties, "banish command": start}
        try:
            made = substitute(
                {"banish command": start},
                ignore=LINES,
                condition=condition,
                fallback=lambda tag: self._value(tag, options, condition),
            )
        except Fault:
            return start.text  # as it stands: the shell will say what is wrong
        return made["banish command"].text

    def _value(self, tag: str, options: Mapping[str, Text], condition: str) -> Text | None:
        found = options.get(f"{tag}?{condition}") if condition else None
        found = found or options.get(tag)
        if found is not None:
            return found
        own = {"br": "\n", "sp": " ", "fq-hostname": self.host[0], "sh-hostname": self.host[1]}
        return Text.at(own[tag]) if tag in own else None
