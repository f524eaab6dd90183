"""`get JAIL action …`: what an action that is run consists of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from banish.compat import values
from banish.compat.actionfile import COMMANDS
from banish.compat.commands.edits import script_named
from banish.compat.commands.faults import CommandError, too_few
from banish.compat.frames.values import RemoteError, Value
from banish.core.config import JailConfig
from banish.core.errors import ConfigError

METHODS: Final = ("ban", "flush", "prolong", "reban", "reload", "start", "stop", "unban")
"""What an action does."""


def properties(jail: JailConfig, words: Sequence[str]) -> Value:
    """Return the names of an action's values, in alphabetical order."""
    if not words:
        raise too_few()
    script = script_named(jail, words[0])
    always = () if script.module else (*COMMANDS, "timeout")
    return list[Value](sorted({*always, *(name for name, _ in script.properties)}))


def methods(jail: JailConfig, words: Sequence[str]) -> Value:
    """Return what an action does."""
    if not words:
        raise too_few()
    script_named(jail, words[0])
    return list[Value](METHODS)


def _seconds(text: str) -> Value:
    """Return a span of time as a number, or as it stands if it is none."""
    try:
        return int(values.seconds(text))
    except ConfigError:
        return text


def value(jail: JailConfig, words: Sequence[str]) -> Value:
    """Return one value of an action."""
    if len(words) < len(("action", "name")):
        raise too_few()
    name, key, *_ = words
    known = dict(script_named(jail, name).properties)
    if key == "timeout":
        return _seconds(known.get(key, "60"))
    if key not in known and key not in COMMANDS:
        text = f"'CommandAction' object has no attribute {key!r}"
        raise CommandError(RemoteError("AttributeError", (text,)))
    return known.get(key, "")
