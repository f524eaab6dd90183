"""What all commands that ask the running daemon have in common."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Final

from banish.compat.values import ban_seconds
from banish.core.errors import ConfigError
from banish.core.model import FOREVER
from banish.core.plain import Json
from banish.faces.control.client import ask

SOCKET: Final = "/run/banish/control.sock"


def add_socket(parser: argparse.ArgumentParser) -> None:
    """Let the person say which daemon is meant."""
    parser.add_argument(
        "-s",
        "--socket",
        metavar="PATH",
        default=os.environ.get("BANISH_SOCKET", SOCKET),
        help="control socket of the daemon (default: $BANISH_SOCKET or %(default)s)",
    )


def daemon(arguments: argparse.Namespace, verb: str, words: Mapping[str, Json]) -> Json:
    """Ask the daemon; absent words are left out."""
    return ask(arguments.socket, verb, {key: value for key, value in words.items() if value is not None})


def span(text: str | None) -> float | None:
    """Return the span a person gave with --for, if any; -1 is for good, JSON knows no infinity."""
    if text is None:
        return None
    try:
        seconds = ban_seconds(text)
    except ConfigError as error:
        raise ConfigError(f'--for "{text}": {error}') from error
    return -1 if seconds == FOREVER else seconds


def listed(answer: Json) -> list[dict[str, Json]]:
    """Return an answer that is a list of objects."""
    return list(answer)  # type: ignore[arg-type]  # the daemon's promise
