"""Ask the running daemon something, from a command that waits for the answer."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from typing import Final

from banish.core.errors import BanishError, RefusedError
from banish.core.plain import Json

PATIENCE: Final = 30.0  # seconds for an answer


class AbsentError(BanishError):
    """No daemon listens on the control socket."""


def ask(path: str, verb: str, arguments: Mapping[str, Json]) -> Json:
    """Return the daemon's answer; `RefusedError` for no, `AbsentError`, `BanishError` for what went wrong."""
    request = {"verb": verb, "arguments": arguments, "from": operator_address(os.environ)}
    reply = json.loads(_exchange(path, json.dumps(request).encode() + b"\n"))
    if "refusal" in reply:
        raise RefusedError(reply["refusal"])
    if "error" in reply:
        raise BanishError(reply["error"])
    return reply["answer"]  # type: ignore[no-any-return]  # the server's promise


def operator_address(environment: Mapping[str, str]) -> str:
    """Return the address somebody logged in from over ssh, who types this command; else nothing.

    Source: ssh(1), SSH_CONNECTION; sudo keeps it only if told so, therefore SSH_CLIENT is tried too.
    """
    words = (environment.get("SSH_CONNECTION") or environment.get("SSH_CLIENT") or "").split()
    return words[0] if words else ""


def _exchange(path: str, request: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.connect(path)
            connection.sendall(request)
            with connection.makefile("rb") as answers:
                answer = answers.readline()
        except (FileNotFoundError, ConnectionRefusedError) as error:
            raise AbsentError(f"no daemon listens on {path}; start it with banish run") from error
        except PermissionError as error:
            raise BanishError(f"{path}: permission denied; run as root") from error
        except TimeoutError as error:
            raise BanishError(f"{path}: no answer within {PATIENCE:g} s") from error
        except OSError as error:
            raise BanishError(f"{path}: {error.strerror or error}") from error
    if not answer:
        raise BanishError(f"{path}: turned away without an answer; run as root")
    return answer
