"""Who does not count: the entries of `ignoreip`, this machine itself, and those a person exempted.

Names and files among the entries are asked for and kept fresh by the engine; here they are sets of addresses.
"""

from __future__ import annotations

from typing import Final

from banish.core.config import JailConfig
from banish.core.model import NEVER, Exemption, Instant, Question, ReadList, Resolve, Subject
from banish.core.subject import AddressSet, network_of, parse

_FILE: Final = "file:"
CAP: Final = 10_000  # exemptions by hand
_KEPT: Final = 10_000  # answers


def list_path(entry: str) -> str | None:
    """Return the path that an entry of `ignoreip` names: `file:/a`, `file:///a` and `file://a` are `/a`."""
    if not entry.startswith(_FILE):
        return None
    rest = entry.removeprefix(_FILE)
    if not rest.startswith("//"):
        return rest
    path = rest[2:]
    return path if path.startswith(("/", "./")) else "/" + path


def question_of(entry: str) -> Question | None:
    """Return what has to be asked to know an entry's addresses; nothing for an address."""
    if network_of(entry) is not None:
        return None
    path = list_path(entry)
    return Resolve(entry) if path is None else ReadList(path)


class Exempt:
    """The answer to "does this failure count?" for one jail."""

    def __init__(self, jail: JailConfig, earlier: Exempt | None = None) -> None:
        """Take over what an `earlier` one knew of names and lists; it holds until there are new answers."""
        self._ignores_self = jail.ignoreself
        self._entries = AddressSet(parse(entry) for entry in jail.ignoreip if list_path(entry) is None)
        self.questions = tuple(
            dict.fromkeys(asked for entry in jail.ignoreip if (asked := question_of(entry)) is not None)
        )
        self._own = AddressSet()
        self._told: dict[Subject, str | None] = {}  # of the latest; few subjects cause most failures
        known = earlier.answers if earlier else {}
        self.answers: dict[Question, AddressSet] = {
            question: known[question] for question in self.questions if question in known
        }

    def answered(self, question: Question, addresses: AddressSet) -> None:
        """Take note of the addresses of a name or a list.

        A name that has none any more keeps the ones it had: more likely no name server answered than that
        somebody wants to be banned. An emptied list is empty.
        """
        if question in self.questions and (len(addresses) or isinstance(question, ReadList)):
            self.answers[question] = addresses
            self._told.clear()

    def reason(self, subject: Subject, own: AddressSet) -> str | None:
        """Say by which rule a subject does not count, or nothing if it does."""
        if own is not self._own or len(self._told) >= _KEPT:
            self._own = own
            self._told.clear()
        if subject not in self._told:
            self._told[subject] = self._reason(subject, own)
        return self._told[subject]

    def _reason(self, subject: Subject, own: AddressSet) -> str | None:
        if self._ignores_self and own.covers(subject):
            return "ignoreself rule"
        if self._entries.covers(subject):
            return "ip"
        for question, addresses in self.answers.items():
            if addresses.covers(subject):
                return f"file:{question.path}" if isinstance(question, ReadList) else "dns"
        return None


class Exemptions:
    """Subjects that a person exempted, in all jails, each for a time or for good."""

    def __init__(self) -> None:
        self._until: dict[Subject, Exemption] = {}
        self._set = AddressSet()

    def __len__(self) -> int:
        return len(self._until)

    def put(self, exemption: Exemption) -> bool:
        """Exempt a subject; false if there are too many."""
        if len(self._until) >= CAP and exemption.subject not in self._until:
            return False
        self._until[exemption.subject] = exemption
        self._set.add(exemption.subject)
        return True

    def drop(self, subject: Subject) -> bool:
        """End an exemption; say whether there was one."""
        self._set.discard(subject)
        return self._until.pop(subject, None) is not None

    def covers(self, subject: Subject, now: Instant) -> Exemption | None:
        """Return the exemption that holds for a subject."""
        while (found := self._set.find(subject)) is not None:
            exemption = self._until.get(found)
            if exemption is not None and exemption.until > now:
                return exemption
            self.drop(found)  # its time is over; a wider one may hold
        return None

    def touched(self, subject: Subject, now: Instant) -> Exemption | None:
        """Return an exemption that a ban of this subject would hurt: it holds for all of it or for a part."""
        found = self.covers(subject, now)
        if found is not None or "/" not in subject:
            return found
        wide = AddressSet([subject])
        return next(
            (each for each in self._until.values() if each.until > now and wide.covers(each.subject)), None
        )

    def expire(self, now: Instant) -> None:
        """Forget those whose time is over."""
        for subject in [known for known, each in self._until.items() if each.until <= now]:
            self.drop(subject)

    def all(self) -> tuple[Exemption, ...]:
        """Return all, the ones without an end last, else the earliest end first."""
        return tuple(sorted(self._until.values(), key=lambda each: (each.until == NEVER, each.until)))
