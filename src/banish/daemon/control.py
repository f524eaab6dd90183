"""What a person or a program may ask of the running daemon; every face speaks these verbs.

Answers are plain JSON values. A `RefusedError` is an answer too: no, and why.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from banish import __version__
from banish.core.config import JailConfig
from banish.core.errors import ConfigError, RefusedError
from banish.core.model import (
    FOREVER,
    NEVER,
    Ban,
    BanAsked,
    Evidence,
    ExemptAsked,
    Exemption,
    Instant,
    LookAround,
    OperatorSeen,
    Place,
    Release,
    ReleaseAsked,
    Seconds,
    Subject,
    Surroundings,
)
from banish.core.plain import Json, instant
from banish.core.subject import parse, strict
from banish.daemon.configuration import Loaded
from banish.daemon.loop import Loop

ASKING: Final = frozenset({"status", "bans", "exemptions", "explain"})
"""The verbs that change nothing."""

MOST_BANS: Final = 10_000  # in one answer
MOST_HISTORY: Final = 20  # earlier bans in an explanation


@dataclass(frozen=True, slots=True)
class SourceState:
    """What a face shows of a source: its name, what it is doing, and how many bytes it has yet to read."""

    name: str
    state: str
    behind: int


class Control:
    """The verbs. Arguments are checked here, so that every face gives the same errors."""

    def __init__(
        self, loop: Loop, loaded: Loaded, started: Instant, sources: Callable[[], Sequence[SourceState]]
    ) -> None:
        self._loop = loop
        self._started = started
        self._sources = sources
        self._jails: dict[str, JailConfig] = {}
        self.adopt(loaded)

    def adopt(self, loaded: Loaded) -> None:
        """Speak of this configuration from now on."""
        self._loaded = loaded
        self._jails = {rules.jail.name: rules.jail for rules in loaded.program}

    async def call(self, verb: str, arguments: Mapping[str, Json], origin: str = "") -> Json:
        """Carry out a verb. `origin` is the address the operator works from, if that is known.

        `RefusedError` for no; `ConfigError` for a verb or an argument that makes no sense.
        """
        if origin:
            self._loop.handle(OperatorSeen(parse(origin)))
        verbs: dict[str, Callable[[Mapping[str, Json]], Awaitable[Json]]] = {
            "status": self._status,
            "bans": self._bans,
            "ban": self._ban,
            "release": self._release,
            "exempt": self._exempt,
            "unexempt": self._unexempt,
            "exemptions": self._exemptions,
            "explain": self._explain,
        }
        if verb not in verbs:
            raise ConfigError(f'no such verb: "{verb}"; there are {", ".join(verbs)}')
        return await verbs[verb](arguments)

    # ------------------------------------------------------------------------------------------ views

    async def _status(self, _: Mapping[str, Json]) -> Json:
        drops = self._loop.world.firewall.drops()
        return {
            "version": __version__,
            "pid": os.getpid(),
            "since": self._started,
            "configuration": self._loaded.directory,
            "jails": [
                {
                    "name": jail.name,
                    "failing": jail.failing,
                    "failures": jail.failures,
                    "banned": jail.banned,
                    "bans": jail.bans,
                    "dropped_packets": drops.get(jail.name, 0),
                    "enforced": bool(self._jails[jail.name].scopes or self._jails[jail.name].scripts),
                }
                for jail in self._loop.engine.status()
            ],
            "sources": [
                {"name": source.name, "state": source.state, "behind": source.behind}
                for source in self._sources()
            ],
            "scanners": list(self._loop.world.matcher.processes()),
            "left_out": list(self._loop.world.matcher.left_out()),
            "problems": [str(problem) for problem in self._loaded.problems],
            "is_saved": not self._loop.world.keeper.is_behind,
        }

    async def _bans(self, arguments: Mapping[str, Json]) -> Json:
        jail = self._jail_named(arguments)
        limit = _number(arguments, "limit", MOST_BANS)
        now, wanted = self._loop.world.clock(), None if jail is None else jail.name
        status = self._loop.engine.status()
        known: Iterator[Ban]
        if "subjects" in arguments:
            known = (self._ban_of(place, until) for place, until in self._places(_subjects(arguments), now))
        else:
            known = self._loop.world.keeper.written(now).bans(now)
        bans = (ban for ban in known if wanted in {None, ban.jail})
        return {
            "total": sum(each.banned for each in status if wanted in {None, each.name}),
            "bans": [_ban_json(ban) for ban in islice(bans, min(int(limit), MOST_BANS))],
        }

    async def _exemptions(self, _: Mapping[str, Json]) -> Json:
        return [_exemption_json(exemption) for exemption in self._loop.engine.exemptions()]

    async def _explain(self, arguments: Mapping[str, Json]) -> Json:
        subject = parse(_text(arguments, "subject"))
        now = self._loop.world.clock()
        store = self._loop.world.keeper.written(now)
        known = self._loop.engine.explain(subject, now)
        places = dict(known.bans)
        subjects = dict.fromkeys([subject, *(place.subject for place in places)])
        history = [ban for each in subjects for ban in store.history(each, MOST_HISTORY)]
        objection = self._loop.engine.objection(subject, await self._surroundings(), now)
        return {
            "subject": subject,
            "bans": [self._with_evidence(self._ban_of(place, until)) for place, until in places.items()],
            "counting": [
                {
                    "jail": name,
                    "failures": count.failures,
                    "limit": self._jails[name].maxretry,
                    "evidence": [self._evidence_json(name, each) for each in count.evidence],
                }
                for name, count in known.counts
            ],
            "exempt": known.exempt,
            "guarded": objection or "",
            "history": [_ban_json(ban) for ban in history if ban.place not in places or ban.until <= now],
        }

    # ---------------------------------------------------------------------------------------- changes

    async def _ban(self, arguments: Mapping[str, Json]) -> Json:
        jail = self._jail_named(arguments) or self._only_jail()
        subjects = _subjects(arguments)
        if arguments.get("force") is not True:
            surroundings, now = await self._surroundings(), self._loop.world.clock()
            for subject in subjects:
                if reason := self._loop.engine.objection(subject, surroundings, now):
                    raise RefusedError(f"{subject} is not banned: {reason}; --force bans it all the same")
        self._loop.handle(BanAsked(jail.name, subjects, _length(arguments), _text(arguments, "reason", "")))
        places = self._places(subjects, self._loop.world.clock())
        return [
            {"jail": place.jail, "subject": place.subject, "until": instant(until)}
            for place, until in places
            if place.jail == jail.name
        ]

    async def _release(self, arguments: Mapping[str, Json]) -> Json:
        jail = self._jail_named(arguments)
        subjects = _subjects(arguments)
        effects = self._loop.handle(ReleaseAsked(subjects, None if jail is None else jail.name))
        places = [place for effect in effects if isinstance(effect, Release) for place in effect.places]
        if not places:
            raise RefusedError("; ".join(self._not_banned(subject) for subject in subjects))
        return [{"jail": place.jail, "subject": place.subject} for place in places]

    async def _exempt(self, arguments: Mapping[str, Json]) -> Json:
        now = self._loop.world.clock()
        length = _length(arguments)
        until = NEVER if length in {None, FOREVER} else Instant(now + (length or 0))
        reason = _text(arguments, "reason", "")
        exemptions = [Exemption(subject, until, reason) for subject in _subjects(arguments)]
        for exemption in exemptions:
            self._loop.handle(ExemptAsked(exemption))
        return [_exemption_json(exemption) for exemption in exemptions]

    async def _unexempt(self, arguments: Mapping[str, Json]) -> Json:
        known = {exemption.subject for exemption in self._loop.engine.exemptions()}
        subjects = _subjects(arguments)
        if missing := [subject for subject in subjects if subject not in known]:
            raise RefusedError(
                f"{', '.join(missing)}: not exempt by hand (ignoreip is changed in the configuration)"
            )
        for subject in subjects:
            self._loop.handle(ExemptAsked(Exemption(subject), wanted=False))
        return list(subjects)

    # ---------------------------------------------------------------------------------------- details

    def _not_banned(self, subject: Subject) -> str:
        bans = self._loop.engine.explain(subject, self._loop.world.clock()).bans
        if not bans:
            return f"{subject}: not banned"
        place = bans[0][0]
        return f"{subject}: not banned itself, but as part of {place.subject} in jail {place.jail}"

    def _places(self, subjects: Iterable[Subject], now: Instant) -> Iterator[tuple[Place, Instant]]:
        for subject in subjects:
            yield from self._loop.engine.explain(subject, now).bans

    def _ban_of(self, place: Place, until: Instant) -> Ban:
        """Return what is remembered of a ban in force; if that is nothing, at least when it ends."""
        now = self._loop.world.clock()
        history = self._loop.world.keeper.written(now).history(place.subject, MOST_HISTORY)
        known = (ban for ban in history if ban.jail == place.jail)
        return next(known, Ban(*place, now, until))

    async def _surroundings(self) -> Surroundings:
        answer = await self._loop.world.oracle.answer(LookAround())
        return answer if isinstance(answer, Surroundings) else Surroundings({})

    def _jail_named(self, arguments: Mapping[str, Json]) -> JailConfig | None:
        name = _text(arguments, "jail", "")
        if name and name not in self._jails:
            raise ConfigError(f'no such jail: "{name}"; there are {", ".join(self._jails) or "none"}')
        return self._jails[name] if name else None

    def _only_jail(self) -> JailConfig:
        if len(self._jails) != 1:
            raise ConfigError(
                f"which jail? there are {', '.join(self._jails) or 'none'}; name one with --jail"
            )
        return next(iter(self._jails.values()))

    def _with_evidence(self, ban: Ban) -> Json:
        evidence = [self._evidence_json(ban.jail, each) for each in ban.evidence]
        return {**_ban_json(ban), "evidence": evidence}

    def _evidence_json(self, jail: str, evidence: Evidence) -> Json:
        rules = self._jails[jail].failregex if jail in self._jails else ()
        rule = rules[evidence.rule] if 0 <= evidence.rule < len(rules) else None
        return {
            "at": evidence.at,
            "regex": evidence.rule + 1,
            "pattern": rule.text if rule else "",
            "place": f"{rule.file}:{rule.line}" if rule else "",
            "lines": list(evidence.lines),
        }


def _ban_json(ban: Ban) -> dict[str, Json]:
    return {
        "jail": ban.jail,
        "subject": ban.subject,
        "at": ban.at,
        "until": instant(ban.until),
        "failures": ban.failures,
        "count": ban.count,
        "origin": ban.origin.value,
        "reason": ban.reason,
    }


def _exemption_json(exemption: Exemption) -> Json:
    return {"subject": exemption.subject, "until": instant(exemption.until), "reason": exemption.reason}


def _text(arguments: Mapping[str, Json], key: str, default: str | None = None) -> str:
    value = arguments.get(key, default)
    if not isinstance(value, str):
        raise ConfigError(f'"{key}" is missing or no text')
    return value


def _number(arguments: Mapping[str, Json], key: str, default: float) -> float:
    value = arguments.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ConfigError(f'"{key}" must be a number of 0 or more, not {value!r}')
    return value


def _length(arguments: Mapping[str, Json]) -> Seconds | None:
    """Return how long something shall last; -1 is for good."""
    if "seconds" not in arguments:
        return None
    return FOREVER if arguments["seconds"] == -1 else Seconds(_number(arguments, "seconds", 0))


def _subjects(arguments: Mapping[str, Json]) -> tuple[Subject, ...]:
    value = arguments.get("subjects")
    if not isinstance(value, list) or not value:
        raise ConfigError("no address given")
    return tuple(strict(str(each)) for each in value)
