"""What is said on a connection of the control socket: pieces of bytes in, replies out.

Our own language is one JSON object a line: `{"verb": "ban", "arguments": {…}, "from": "192.0.2.7"}` asks, and
`{"answer": …}`, `{"refusal": "why not"}` or `{"error": "what is wrong with the request"}` answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from banish.core.errors import BanishError, PeerError, RefusedError
from banish.core.plain import Json
from banish.daemon.control import ASKING, Control

LONGEST_REQUEST: Final = 1 << 20  # bytes


class Talk(Protocol):
    """One side of a conversation."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the requests that are complete by now; `PeerError` ends the conversation."""
        ...

    async def reply(self, request: bytes) -> bytes | None:
        """Return what is said to a request; nothing to end the conversation."""
        ...


class JsonTalk:
    """Verbs, as JSON."""

    def __init__(self, control: Control, *, may_change: bool) -> None:
        """Who may not change anything may ask."""
        self._control = control
        self._may_change = may_change
        self._kept = b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield lines."""
        *lines, self._kept = (self._kept + piece).split(b"\n")
        yield from lines
        if len(self._kept) > LONGEST_REQUEST:
            raise PeerError(f"a request of more than {LONGEST_REQUEST} bytes")

    async def reply(self, request: bytes) -> bytes:
        """Return the answer, on a line."""
        return json.dumps(await self._answer(request)).encode() + b"\n"

    async def _answer(self, line: bytes) -> Json:
        try:
            verb, arguments, origin = parse_request(line)
            if not self._may_change and verb not in ASKING:
                return {"refusal": f'"{verb}" changes something, which only root may; use sudo'}
            origin = origin if self._may_change else ""  # nobody is believed to be an operator
            return {"answer": await self._control.call(verb, arguments, origin)}
        except RefusedError as refusal:
            return {"refusal": str(refusal)}
        except BanishError as error:
            return {"error": str(error)}


def parse_request(line: bytes) -> tuple[str, Mapping[str, Json], str]:
    """Return verb, arguments and the operator's address; `PeerError` for anything else."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PeerError("the request is no JSON object on one line") from error
    if not isinstance(request, dict) or not isinstance(request.get("verb"), str):
        raise PeerError('the request needs a "verb"')
    arguments, origin = request.get("arguments", {}), request.get("from", "")
    if not isinstance(arguments, dict) or not isinstance(origin, str):
        raise PeerError('"arguments" must be an object and "from" an address')
    return request["verb"], arguments, origin
