"""No actions at all: on a dry run nobody is told of anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from banish.core.config import JailConfig
from banish.core.model import Ban, Instant, Place
from banish.core.plain import Json


class NoScripts:
    """The port `Scripts`, as it is where nothing may be run."""

    def adopt(
        self,
        jails: Iterable[JailConfig],
        bans: Callable[[str], Iterable[Ban]],
        *,
        is_reload: bool = False,
        restarts: Collection[str] = (),
    ) -> None:
        """Run nothing."""

    def ban(self, bans: Iterable[Ban]) -> None:
        """Run nothing."""

    def unban(self, places: Iterable[Place]) -> None:
        """Run nothing."""

    def prolong(self, places: Iterable[tuple[Place, Instant]]) -> None:
        """Run nothing."""

    async def call(self, place: tuple[str, str], method: str, arguments: Mapping[str, Json]) -> None:
        """Know of no action."""

    async def close(self) -> None:
        """Undo nothing."""
