"""What modules that were written for fail2ban find in the process that runs them."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from banish.adapters.scripts.module_child import ActionBase, CallingMap, do, info_of, offer_names, serve


def test_a_function_stands_for_what_it_returns_and_is_called_once() -> None:
    calls: list[int] = []

    def look_up() -> int:
        calls.append(1)
        return 7

    info = CallingMap({"a": look_up}, b=2)
    assert [] == calls
    assert 7 == info["a"] == info["a"]
    assert [1] == calls
    copy = info.copy()
    copy["b"] = 3
    del copy["a"]
    assert {"a": 7, "b": 2} == dict(info)
    assert 1 == len(copy)


def test_names_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("", ".helpers", ".server", ".server.action", ".server.actions"):
        monkeypatch.delitem(sys.modules, f"fail2ban{name}", raising=False)
    offer_names()
    scope: dict[str, Any] = {}
    exec(
        "from fail2ban.server.actions import ActionBase, CallingMap\n"
        "from fail2ban.server.action import ActionBase as same\n"
        "from fail2ban.helpers import getLogger\n"
        "import fail2ban.server.actions\n"
        "also = fail2ban.server.actions.ActionBase\n",
        scope,
    )
    assert scope["ActionBase"] is scope["same"] is scope["also"] is ActionBase
    assert scope["CallingMap"] is CallingMap


def test_who_was_banned_is_banned_again_as_at_first() -> None:
    banned: list[Any] = []

    class Action(ActionBase):
        def ban(self, info: CallingMap) -> None:
            banned.append(info["ip"])

    action = Action(None, "a")
    assert do(action, {"call": "reban", "info": {"ip": "192.0.2.1"}})
    assert ["192.0.2.1"] == banned
    for call in ("start", "stop"):
        assert do(action, {"call": call})
    assert do(action, {"call": "unban", "info": {"ip": "192.0.2.1"}})
    assert not do(action, {"call": "prolong", "info": {}})
    assert not do(action, {"call": "flush"})


def test_an_address_without_a_name_has_none() -> None:
    assert info_of({"ip": "not an address at all"})["ip-host"] is None


def test_lines_are_answered_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text(
        "class Action:\n def __init__(self, jail, name): pass\n def start(self): raise SystemError('x')\n"
    )
    made = {"path": str(path), "jail": "j", "bantime": 1, "name": "a", "arguments": {}}
    wishes = io.StringIO(
        "".join(json.dumps(each) + "\n" for each in (made, {"call": "start"}, {"call": "none"}))
    )
    answers = io.StringIO()
    serve(wishes, answers)
    assert [
        {"done": True},
        {"error": "SystemError: x", "at": f"{path}:3"},
        {"error": "AttributeError: 'Action' object has no attribute 'none'", "at": ""},
    ] == [json.loads(line) for line in answers.getvalue().splitlines()]
