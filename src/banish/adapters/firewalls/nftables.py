"""Bans in the kernel: a table of our own that drops what banned subjects send.

The kernel owns the time of each ban. A whole wish goes into new sets while the old ones stay in force; one
transaction then puts rules that ask the new sets in the place of those that ask the old.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from banish.adapters.firewalls.changes import LARGEST_STEP, Changes
from banish.adapters.firewalls.elements import decode, milliseconds, name
from banish.adapters.firewalls.load import Load
from banish.adapters.firewalls.names import Sets, of_jail, to_jail, to_set
from banish.adapters.firewalls.netlink import (
    DEADLINE_S,
    Channel,
    Message,
    as_number,
    as_text,
    attributes,
    dump,
    number,
    text,
)
from banish.adapters.firewalls.ruleset import Nft, Ruleset, sets_asked
from banish.adapters.firewalls.scopes import Reach, reaches_of
from banish.adapters.firewalls.watch import Watch
from banish.core.config import Scope
from banish.core.errors import EnforceError
from banish.core.model import Instant, Place

_NO_NF_TABLES = "this kernel has no nf_tables: load the module, or let jails use shell actions"
_NO_RIGHTS = "this needs CAP_NET_ADMIN: run as root"
_CURES = {
    errno.EPERM: _NO_RIGHTS,
    errno.EACCES: _NO_RIGHTS,
    errno.EPROTONOSUPPORT: _NO_NF_TABLES,
    errno.EAFNOSUPPORT: _NO_NF_TABLES,
    errno.EOPNOTSUPP: f"{_NO_NF_TABLES}; if it has, somebody else made this table: delete it",
    errno.ENOENT: "somebody removed what is ours, or a module of nf_tables is missing: replace all bans",
    errno.ENOMEM: "the kernel has no memory for more bans: ban networks, or for less time",
    errno.ENOBUFS: "the kernel has no memory for more bans: ban networks, or for less time",
    errno.EEXIST: "somebody else uses this table: delete it",
    errno.EBUSY: "somebody else is at work on the tables: stop it, and delete what they added to ours",
    errno.EMSGSIZE: "too many jails and scopes for one transaction: raise net.core.wmem_max",
}
_ATTEMPTS = 10  # at a list that others change while we read


class Nftables:
    """The port `Firewall` on the table `inet NAME` of this network namespace.

    Subjects that are no addresses, and jails without a scope, are left out: no packet could match them.
    """

    def __init__(self, table: str = "banish") -> None:
        self._rules = Ruleset(table)
        self._sets: Sets | None = None  # unknown until the first wish
        self._generation = 0
        with _translated("open a socket"):
            self._channel = Channel()
            try:
                self._watch = Watch(self._rules, self._channel.port)
            except OSError:
                self._channel.close()
                raise

    def replace(
        self, fences: Mapping[str, Sequence[Scope]], bans: Iterable[tuple[Place, Instant]], now: Instant
    ) -> None:
        """Make the whole wish true at once; on an error the old one stays in force.

        Reads `bans` once and keeps no more of them than one transaction holds. Meanwhile, changes by others
        are not heard but met: what they removed makes the next transaction fail.
        """
        reaches = reaches_of(fences)
        with _translated("replace all bans"):
            self._watch.forget()
            if not reaches:  # nothing is to be enforced here, and nobody wants to see an empty table
                with self._watch.paused(), suppress(FileNotFoundError):
                    self._channel.commit([self._rules.forget()])
                self._sets = {}
                return
            self._channel.commit([self._rules.table(), self._rules.gate()])
            old_sets = [found for found in self._names(Nft.GETSET, 2) if to_set(found)]
            generation = 1 + max((found.generation for found in map(to_set, old_sets) if found), default=0)
            load = Load(self._channel, self._rules, reaches, generation)
            try:
                with self._watch.paused():
                    load.put(bans, now)
                self._channel.commit(self._swap(reaches, load.sets, old_sets))
            except BaseException:
                load.take_back()
                raise
            self._sets, self._generation = load.sets, generation

    def apply(self, blocks: Iterable[tuple[Place, Instant]], releases: Iterable[Place], now: Instant) -> None:
        """Add bans and take others away; the cost does not depend on how many there are.

        One transaction, unless there are more than its `Channel.limit` has room for (some 34,000; in a
        private user namespace 3,500 with the usual net.core.wmem_max). A ban that is over is left out.
        """
        if self._sets is None:
            raise EnforceError("nftables: change bans: nothing is in force yet; replace all bans first")
        with _translated("change bans"):
            changes = Changes(self._rules, self._sets, self._generation)
            for place, timeout in _steps(blocks, releases, now):
                if changes.size > self._channel.limit - LARGEST_STEP:
                    self._commit(changes)
                    changes = Changes(self._rules, self._sets, self._generation)
                changes.put(place, timeout)
            self._commit(changes)

    def bans(self, now: Instant) -> Iterator[tuple[Place, Instant]]:
        """Read back what is in force, from whatever process it came.

        The kernel walks a set from its beginning for each 32 KiB that are read, so this is quadratic: never
        read what can be known. What changes meanwhile may be missed, or come twice.
        """
        with _translated("read bans"):
            for found in self._names_in_force():
                where = to_set(found)
                if where is None:
                    continue
                for key, until in self._elements(found, now):
                    if until > now:
                        yield Place(where.jail, name(where.kind, key)), until

    def drops(self) -> Mapping[str, int]:
        """Packets dropped so far, by jail, whoever replaced what meanwhile."""
        with _translated("read counters"):
            counts: dict[str, int] = {}
            for counter in self._list(Nft.GETOBJ, number(3, 1)):
                fields = dict(attributes(counter.body))
                jail = to_jail(as_text(fields[2]))
                if jail is not None:
                    counts[jail] = as_number(dict(attributes(fields[4]))[2])
            return counts

    async def lost(self) -> None:
        """Return when somebody else removed, flushed or overruled something of ours; for one waiter.

        What happens before a `replace` that succeeds is forgotten with it. Cancel the waiter before `close`.
        """
        with _translated("watch for changes"):
            await self._watch.wait()

    def close(self, *, keep: bool) -> None:
        """Stop; without `keep` the table goes, and with it all bans and counters."""
        try:
            if not keep:
                with _translated("remove the table"), suppress(FileNotFoundError):
                    self._channel.commit([self._rules.forget()])
        finally:
            self._channel.close()
            self._watch.close()

    def _commit(self, changes: Changes) -> None:
        self._channel.commit(changes.messages())
        changes.settle()

    def _swap(
        self, reaches: Mapping[str, Sequence[Reach]], sets: Sets, old_sets: list[str]
    ) -> Iterator[Message]:
        """Write what puts new sets in force and removes all that was before."""
        rules, chains = self._rules, {jail: of_jail(jail) for jail in reaches}
        wanted = set(chains.values())
        yield rules.table()  # once more: somebody may have made it dormant
        yield rules.forget_rules()
        yield from map(rules.forget_set, old_sets)
        yield from map(rules.forget_chain, self._unwanted(Nft.GETCHAIN, 3, wanted))
        yield from map(rules.forget_counter, self._unwanted(Nft.GETOBJ, 2, wanted))
        for jail, chain in chains.items():
            yield rules.counter(chain)
            yield rules.chain(chain)
            for kind, found in sorted(sets[jail].items()):
                yield rules.ban(chain, found, kind)
            for scope in reaches[jail]:
                yield from rules.send(chain, scope)

    def _unwanted(self, kind: Nft, name_is: int, wanted: set[str]) -> Iterator[str]:
        return (
            found
            for found in self._names(kind, name_is)
            if to_jail(found) is not None and found not in wanted
        )

    def _names_in_force(self) -> list[str]:
        return sorted({found for rule in self._list(Nft.GETRULE) for found in sets_asked(rule)})

    def _names(self, kind: Nft, name_is: int) -> list[str]:
        return [as_text(dict(attributes(found.body))[name_is]) for found in self._list(kind)]

    def _list(self, kind: Nft, *fields: bytes) -> list[Message]:
        """List what the table has of a kind, as it was at one moment."""
        for _ in range(_ATTEMPTS):
            with suppress(InterruptedError):
                return [found for found in dump(self._rules.ask(kind, *fields)) if self._rules.owns(found)]
        raise OSError(errno.EBUSY, "others never stop to change tables")

    def _elements(self, found: str, now: Instant) -> Iterator[tuple[bytes, Instant]]:
        with suppress(InterruptedError):  # some change, of whatever table, happened while we read
            for answer in dump(self._rules.ask(Nft.GETSETELEM, text(2, found))):
                yield from decode(dict(attributes(answer.body)).get(3, b""), now)


def _steps(
    blocks: Iterable[tuple[Place, Instant]], releases: Iterable[Place], now: Instant
) -> Iterator[tuple[Place, int | None]]:
    """Pair each place with its timeout, or with nothing if it is to be released."""
    for place, until in blocks:
        timeout = milliseconds(until, now)
        if timeout is not None:
            yield place, timeout
    for place in releases:
        yield place, None


@contextmanager
def _translated(attempt: str) -> Iterator[None]:
    """Say of an error of the kernel what was attempted and what helps."""
    try:
        yield
    except TimeoutError as error:
        raise EnforceError(f"nftables: {attempt}: the kernel gave no answer in {DEADLINE_S:.0f} s") from error
    except OSError as error:
        code = error.errno or 0
        what = f"{errno.errorcode.get(code, code)} ({error.strerror})"
        cure = _CURES.get(code, "replace all bans")
        raise EnforceError(f"nftables: {attempt}: {what}; {cure}") from error
