"""`set JAIL …`: a changed configuration value, to be compiled and adopted as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from banish.compat import values
from banish.compat.actions import actname
from banish.compat.commands.faults import CommandError, too_few, wrong
from banish.compat.frames.values import RemoteError
from banish.compat.tags import expand
from banish.core.config import Action, Growth, JailConfig, LogPath, Rule, Script, UseDns
from banish.core.errors import ConfigError, RuleError
from banish.core.rules import ID_GROUPS
from banish.core.settings import JAIL

Edit = Callable[[JailConfig, Sequence[str]], JailConfig]


def edited(jail: JailConfig, word: str, words: Sequence[str]) -> JailConfig:
    """Return a jail's configuration as `set JAIL word words…` wants it; `CommandError` if that cannot be."""
    if word not in EDITS:
        text = f"Invalid command {word!r} (no set action or not yet implemented)"
        raise CommandError(RemoteError("Exception", (text,)))
    if not words:
        raise too_few()
    return EDITS[word](jail, words)


def _setting(name: str) -> Edit:
    """Return the edit of a plain setting."""
    group, _, field = JAIL[name].field.rpartition(".")
    put: Callable[..., JailConfig] = replace
    grow: Callable[..., Growth] = replace

    def edit(jail: JailConfig, words: Sequence[str]) -> JailConfig:
        value = _value(name, words[0])
        if name == "bantime.increment":
            return replace(jail, growth=(jail.growth or Growth()) if value else None)
        if not group:
            return put(jail, **{field: value})
        if jail.growth is None:
            raise wrong(f"{name}: bans of {jail.name} do not grow; set bantime.increment true first")
        default = getattr(Growth(), field) if value is None else value
        return replace(jail, growth=grow(jail.growth, **{field: default}))

    return edit


def _value(name: str, text: str) -> object:
    try:
        value = values.read(JAIL[name], text)
    except ConfigError as error:
        raise wrong(f"{name} = {text!r}: {error}") from error
    return UseDns(value) if name == "usedns" else value


# --------------------------------------------------------------------------------------- expressions


def _rule(jail: JailConfig, text: str, *, needs_id: bool) -> Rule:
    try:
        regex = expand(text, jail.usedns)
    except RuleError as error:
        raise wrong(f"{text!r}: {error}") from error
    if needs_id and not any(f"(?P<{group}>" in regex for group in ID_GROUPS):
        raise wrong(f"No failure-id group in {text!r}")
    return Rule(text, regex)


def _prefix(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    rule = _rule(jail, words[0], needs_id=False) if words[0] else None
    return replace(jail, prefregex=rule)


def _add_failures(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    has_id = jail.prefregex is not None and any(f"(?P<{each}>" in jail.prefregex.regex for each in ID_GROUPS)
    rules = (_rule(jail, text, needs_id=not has_id) for text in words)
    return replace(jail, failregex=(*jail.failregex, *rules))


def _add_ignores(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    return replace(
        jail, ignoreregex=(*jail.ignoreregex, *(_rule(jail, text, needs_id=False) for text in words))
    )


def _without(rules: tuple[Rule, ...], word: str) -> tuple[Rule, ...]:
    """Return the expressions without the one of this number; there need not be one."""
    try:
        index = int(word)
    except ValueError as error:
        raise wrong(str(error)) from error
    return tuple(rule for number, rule in enumerate(rules) if number != index)


# --------------------------------------------------------------------------------------------- lists


def _add_ignored(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    return replace(jail, ignoreip=tuple(dict.fromkeys((*jail.ignoreip, *words))))


def _drop_ignored(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    if words[0] not in jail.ignoreip:
        raise wrong("list.remove(x): x not in list")
    return replace(jail, ignoreip=tuple(entry for entry in jail.ignoreip if entry != words[0]))


def _add_log(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    path, *rest = words
    if len(rest) > 1:
        raise wrong("Only one file can be added at a time")
    if rest and rest[0].lower() not in {"head", "tail"}:
        raise wrong("File option must be 'head' or 'tail'")
    log = LogPath(path, from_end=bool(rest) and rest[0].lower() == "tail")
    others = tuple(each for each in jail.logpaths if each.pattern != path)
    return replace(jail, logpaths=(*others, log))


def _drop_log(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    return replace(jail, logpaths=tuple(each for each in jail.logpaths if each.pattern != words[0]))


def _add_match(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    if any("=" not in word for word in words if word != "+"):
        raise wrong("Invalid match")
    return replace(jail, journalmatch=(*jail.journalmatch, " ".join(words)))


def _drop_match(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    unwanted = " ".join(words)
    if unwanted not in jail.journalmatch:
        raise wrong(f"Match {unwanted!r} not found")
    return replace(jail, journalmatch=tuple(each for each in jail.journalmatch if each != unwanted))


# ------------------------------------------------------------------------------------------- actions


def _set_property(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    """Change one value of an action: its name, that of the value, and what it is from now on."""
    if len(words) < len(("action", "name", "value")):
        raise too_few()
    name, key, value, *_ = words
    script = script_named(jail, name)
    properties = dict(script.properties) | {key: value}
    changed = replace(script, properties=tuple(properties.items()))
    return replace(jail, scripts=tuple(changed if each is script else each for each in jail.scripts))


def _add_action(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    name = words[0]
    if any(script.name == name for script in jail.scripts):
        raise wrong(f"Action {name} already exists")
    if len(words) > 1:
        script = Script(name, _arguments(words[2:]), words[1])
        action = Action(words[1], (("actname", name), *script.properties))
    else:
        script, action = Script(name, (("name", jail.name), ("actname", name))), Action(name)
    return replace(jail, scripts=(*jail.scripts, script), actions=(*jail.actions, action))


def _arguments(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the arguments of an action in Python, which come as a JSON object."""
    try:
        given = json.loads(words[0]) if words else {}
    except ValueError as error:
        raise wrong(f"no JSON: {words[0]!r} ({error})") from error
    if not isinstance(given, dict):
        raise wrong(f"no JSON object: {words[0]!r}")
    return tuple(
        (key, value if isinstance(value, str) else json.dumps(value)) for key, value in given.items()
    )


def _drop_action(jail: JailConfig, words: Sequence[str]) -> JailConfig:
    script = script_named(jail, words[0])
    scripts = tuple(each for each in jail.scripts if each is not script)
    actions = tuple(each for each in jail.actions if actname(each, jail.name) != words[0])
    return replace(jail, scripts=scripts, actions=actions)


def script_named(jail: JailConfig, name: str) -> Script:
    """Return an action that is run; `CommandError` if there is none of this name."""
    found = next((script for script in jail.scripts if script.name == name), None)
    if found is None:
        raise CommandError(RemoteError("KeyError", (f"Invalid Action name: {name}",)))
    return found


_SETTINGS: Final = (
    *("ignoreself", "ignorecommand", "ignorecache", "logencoding", "logtimezone", "datepattern", "usedns"),
    *("findtime", "bantime", "maxretry", "maxmatches", "maxlines", "bantime.increment", "bantime.factor"),
    *("bantime.formula", "bantime.multipliers", "bantime.maxtime", "bantime.rndtime"),
    "bantime.overalljails",
)
EDITS: Final[Mapping[str, Edit]] = {
    **{name: _setting(name) for name in _SETTINGS},
    "prefregex": _prefix,
    "addfailregex": _add_failures,
    "addignoreregex": _add_ignores,
    "delfailregex": lambda jail, words: replace(jail, failregex=_without(jail.failregex, words[0])),
    "delignoreregex": lambda jail, words: replace(jail, ignoreregex=_without(jail.ignoreregex, words[0])),
    "addignoreip": _add_ignored,
    "delignoreip": _drop_ignored,
    "addlogpath": _add_log,
    "dellogpath": _drop_log,
    "addjournalmatch": _add_match,
    "deljournalmatch": _drop_match,
    "action": _set_property,
    "addaction": _add_action,
    "delaction": _drop_action,
}
"""By the word behind `set JAIL`."""

TOLD: Final[Mapping[str, str]] = {
    "addfailregex": "failregex",
    "delfailregex": "failregex",
    "addignoreregex": "ignoreregex",
    "delignoreregex": "ignoreregex",
    "addignoreip": "ignoreip",
    "delignoreip": "ignoreip",
    "addlogpath": "logpath",
    "dellogpath": "logpath",
    "addjournalmatch": "journalmatch",
    "deljournalmatch": "journalmatch",
}
"""What is told after an edit, where that has another name."""
