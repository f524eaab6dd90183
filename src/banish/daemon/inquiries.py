"""What the jails ask of the journal; jails that ask for the same share the answer."""

from __future__ import annotations

from collections.abc import Sequence

from banish.adapters.journal.query import Query, query
from banish.compat.optionlist import parse
from banish.core.config import JailConfig
from banish.core.model import Instant


def queries(jails: Sequence[JailConfig]) -> dict[str, Query]:
    """Return what is asked, by the name under which lines come; `ConfigError` for what cannot be asked."""
    return {name_of(jail): query_of(jail) for jail in jails if jail.reads_journal}


def query_of(jail: JailConfig) -> Query:
    """Return what a jail asks of the journal."""
    return query(parse(jail.backend).options, jail.journalmatch)


def name_of(jail: JailConfig) -> str:
    """Return the name under which the lines come that a jail asks for."""
    return " ".join(["journal", *query_of(jail).words])


def since_of(jails: Sequence[JailConfig], now: Instant, name: str) -> Instant:
    """Return when to begin if it was never asked: no jail looks further back than its findtime."""
    spans = [jail.findtime for jail in jails if jail.reads_journal and name_of(jail) == name]
    return Instant(now - max(spans, default=0))
