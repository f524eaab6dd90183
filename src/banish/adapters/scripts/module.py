"""An action in Python, as its jail sees it: the work is done by another process (`module_child`)."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from banish.adapters.scripts.briefing import Archive, Tell, brief
from banish.adapters.scripts.shell import end, has_ended
from banish.compat.bantags import FIGURES, OF_THE_PAST, Event
from banish.core.config import Script
from banish.core.errors import RefusedError
from banish.core.model import FOREVER, Seconds
from banish.core.plain import Json, Returned

SECONDS: Final = 60.0  # for one call, as for a command
LINE_BYTES: Final = 65_536  # of one answer, or of one line of what a module prints
_CHILD: Final = Path(__file__).with_name("module_child.py")
_NUMBERS: Final = ("failures", "ipfailures", "ipjailfailures", "bancount", "restored", "bantime", *FIGURES)
_TAGS: Final = frozenset({"matches", "F-*", *OF_THE_PAST, *FIGURES})


@dataclass
class ModuleAction:
    """Calls the action in the order of asking; what goes wrong is told and never raised."""

    jail: str
    bantime: Seconds
    script: Script
    path: Path
    tell: Tell
    archive: Archive = field(default_factory=Archive)
    _process: Process | None = None
    _listener: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Start."""
        await self._ready()

    async def ban(self, event: Event) -> bool:
        """Ban somebody; whether that was possible."""
        return await self._call("ban", event) is not None

    async def ban_all(self, events: Sequence[Event]) -> None:
        """Ban several, one after the other."""
        for event in events:
            await self.ban(event)

    async def unban_all(self, events: Sequence[Event]) -> None:
        """Let several in, one after the other."""
        for event in events:
            await self.unban(event)

    async def unban(self, event: Event) -> None:
        """Let somebody in."""
        await self._call("unban", event)

    async def prolong(self, event: Event) -> None:
        """Keep somebody out for longer, if the action knows how."""
        await self._call("prolong", event)

    async def call(self, method: str, arguments: Mapping[str, Json]) -> Returned | None:
        """Call a method by hand; nothing if there is none, `RefusedError` says what it raised."""
        if not await self._ready():
            raise RefusedError(f"{self.script.name}: it cannot be started; the log says why")
        answer = await self._exchange({"method": method, "arguments": dict(arguments)}, method)
        if answer is None:
            raise RefusedError(f"{self.script.name}: {method} came to no end; the log says why")
        if "error" in answer:
            raise RefusedError(str(answer["error"]).partition(": ")[2] or str(answer["error"]))
        return Returned(answer["value"]) if answer["done"] else None

    async def reload(self) -> None:
        """Have nothing to do: an action that is said anew is made anew."""

    async def end(self, events: Iterable[Event]) -> None:
        """Let everybody in, at once if the action knows how, and stop."""
        if self._process is None:
            return
        if not await self._call("flush"):
            for event in events:
                await self.unban(event)
        await self._call("stop")
        await self._leave()

    # --------------------------------------------------------------------------------------- details

    async def _call(self, call: str, event: Event | None = None) -> bool | None:
        """Have something done; whether the action knows how, or nothing if it went wrong."""
        wish: dict[str, Json] = {"call": call}
        if event is not None:
            wish["info"] = _info(await brief(event, () if call == "unban" else _TAGS, self.archive))
        return await self._ask(wish) if await self._ready() else None

    async def _ready(self) -> bool:
        """Have a process in which the action was started."""
        if self._process is not None and self._process.returncode is None:
            return True
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(_CHILD)),  # a module finds nothing of ours by its bare name
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                start_new_session=True,
                limit=LINE_BYTES,
            )
        except OSError as error:
            self._failed("start", error.strerror or str(error))
            return False
        self._listener = asyncio.get_running_loop().create_task(self._listen(self._process))
        length = -1 if self.bantime == FOREVER else round(self.bantime)
        made: dict[str, Json] = {"path": str(self.path), "jail": self.jail, "bantime": length}
        made |= {"name": self.script.name, "arguments": dict(self.script.properties)}
        if await self._ask(made, "start") and await self._ask({"call": "start"}):
            return True
        await self._leave()
        return False

    async def _ask(self, wish: Mapping[str, Json], name: str = "") -> bool | None:
        call = name or str(wish["call"])
        answer = await self._exchange(wish, call)
        if answer is None:
            return None
        if "error" in answer:
            self._failed(call, " at ".join(filter(None, (answer["error"], answer["at"]))))
            return None
        return bool(answer["done"])

    async def _exchange(self, wish: Mapping[str, Json], call: str) -> dict[str, Any] | None:
        """Return the answer to a wish; nothing, after that was told, if none came."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                process.stdin.write(json.dumps(wish).encode() + b"\n")
                await process.stdin.drain()
                line = await process.stdout.readline()
            answer: dict[str, Any] = json.loads(line)
        except TimeoutError:
            self._failed(call, f"no end after {SECONDS:g} s")
        except (OSError, ValueError):  # an empty line, too: its end was closed
            self._failed(call, "its process has ended")
        else:
            return answer
        await self._leave()
        return None

    async def _listen(self, process: Process) -> None:
        """Tell what a module prints."""
        while process.stderr is not None:
            try:
                line = await process.stderr.readline()
            except ValueError:  # longer than anybody would read
                continue
            if not line:
                return
            self.tell(f"[{self.jail}] {self.script.name}: {line.decode(errors='backslashreplace').rstrip()}")

    async def _leave(self) -> None:
        """Let the process go; what it has printed is still told."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if not await has_ended(process, 1):
            await end(process)
        if self._listener is not None:
            await self._listener

    def _failed(self, call: str, why: str) -> None:
        self.tell(f"[{self.jail}] {self.script.name}: {call} failed: {why}")


def _info(event: Event) -> dict[str, Json]:
    """Return what is told of a ban, with numbers as such."""
    values: dict[str, Json] = {**event.values()}
    told = {tag: int(str(values[tag])) for tag in _NUMBERS} | {"time": float(str(values["time"]))}
    del values["ip-host"]  # looked up by the process, if it is wanted there
    return {**values, **told, "F-*": {**event.ban.fields}}
