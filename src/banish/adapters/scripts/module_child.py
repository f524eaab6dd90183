"""An action in Python, in a process of its own: reads what it shall do as lines of JSON, and answers so.

Modules that were written for fail2ban find the names they import from it. Run as a program, by the path of
this file; it uses the standard library only. Source: jail.conf(5), and runs of the original.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, TextIO


class CallingMap(MutableMapping[str, Any]):
    """A mapping in which a function stands for what it returns; it is called when that is wanted first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._values: dict[str, Any] = dict(*args, **kwargs)

    def __getitem__(self, key: str) -> Any:
        value = self._values[key]
        if callable(value):
            value = self._values[key] = value()
        return value

    def __setitem__(self, key: str, value: Any) -> None:
        self._values[key] = value

    def __delitem__(self, key: str) -> None:
        del self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def copy(self) -> CallingMap:
        """Return one that can be changed by itself."""
        return CallingMap(self._values)


class ActionBase:
    """What actions are made of: does nothing, and bans again as it banned first."""

    norestored = False
    _prolongable = False

    def __init__(self, jail: Any, name: str) -> None:
        self._jail = jail
        self._name = name
        self._logSys = logging.getLogger(f"fail2ban.{type(self).__name__}")

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    def ban(self, info: CallingMap) -> None:
        """Keep somebody out."""

    def reban(self, info: CallingMap) -> None:
        """Keep somebody out who should be."""
        self.ban(info)

    def unban(self, info: CallingMap) -> None:
        """Let somebody in."""


def offer_names() -> None:
    """Let modules import what they would import from the original."""
    names: dict[str, dict[str, Any]] = {
        "fail2ban": {},
        "fail2ban.helpers": {"getLogger": logging.getLogger},
        "fail2ban.server": {},
        "fail2ban.server.action": {"ActionBase": ActionBase, "CallingMap": CallingMap},
        "fail2ban.server.actions": {"ActionBase": ActionBase, "CallingMap": CallingMap},
    }
    for name, known in names.items():
        module = sys.modules[name] = ModuleType(name)
        vars(module).update(known)
        parent, _, last = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], last, module)


def made(path: str, jail: str, bantime: int, name: str, arguments: dict[str, str]) -> Any:
    """Return the action that a file describes."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: no module in Python")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    about = SimpleNamespace(
        name=jail, database=None, idle=False, actions=SimpleNamespace(getBanTime=lambda: bantime)
    )
    return module.Action(about, name, **arguments)


def info_of(told: dict[str, Any]) -> CallingMap:
    """Return what an action may ask of a ban; the name of an address is looked up when it is wanted."""

    def look_up() -> str | None:
        try:
            return socket.gethostbyaddr(told["ip"])[0]
        except OSError:
            return None

    return CallingMap(told, **{"ip-host": look_up})


def method_of(action: Any, wish: dict[str, Any]) -> dict[str, Any]:
    """Call a method by its name, and return what it returns; say so if there is none."""
    method = getattr(action, wish["method"], None)
    if wish["method"].startswith("_") or not callable(method):
        return {"done": False}
    value = method(**wish["arguments"])
    try:
        return {"done": True, "value": json.loads(json.dumps(value))}
    except (TypeError, ValueError):
        return {"done": True, "value": repr(value)}


def do(action: Any, wish: dict[str, Any]) -> bool:
    """Do what is wished for; return whether the action knows how."""
    call, told = wish["call"], wish.get("info")
    if call == "flush":
        return hasattr(action, "flush") and bool(action.flush())
    if call == "prolong":
        if not getattr(action, "_prolongable", False):
            return False
        action.prolong(info_of(told or {}))
        return True
    if call == "ban" and told and told.get("restored") and getattr(action, "norestored", False):
        return False
    method: Callable[..., Any] = getattr(action, call)
    method() if told is None else method(info_of(told))
    return True


def serve(wishes: TextIO, answers: TextIO) -> None:
    """Make an action as the first line says, do with it what all others say, end when there are no more."""
    action: Any = None
    for line in wishes:
        wish = json.loads(line)
        try:
            if action is None:
                action = made(**wish)
                answer: dict[str, Any] = {"done": True}
            elif "method" in wish:
                answer = method_of(action, wish)
            else:
                answer = {"done": do(action, wish)}
        except Exception as error:  # noqa: BLE001 - whatever a foreign module raises is told
            answer = {"error": "".join(traceback.format_exception_only(error)).strip(), "at": _place(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _place(error: BaseException) -> str:
    """Return where in somebody else's file it happened."""
    frames = [
        each
        for each in traceback.extract_tb(error.__traceback__)
        if each.filename != __file__ and not each.filename.startswith("<")
    ]
    return f"{frames[0].filename}:{frames[0].lineno}" if frames else ""


if __name__ == "__main__":
    heard, told = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)  # what a module prints is no answer
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    offer_names()
    serve(heard, told)
