"""What an action tells of itself."""

from __future__ import annotations

import pytest

from banish.compat.commands.actionreads import METHODS, methods, properties, value
from banish.compat.commands.faults import CommandError
from banish.core.config import JailConfig, Script

JAIL = JailConfig(
    "j", scripts=(Script("mail", (("actionban", "x <ip>"), ("dest", "root"), ("timeout", "5"))),)
)


def test_an_action_tells_its_values() -> None:
    names = properties(JAIL, ["mail"])
    assert isinstance(names, list)
    assert sorted(map(str, names)) == names
    assert {"actionban", "actionstart", "dest", "timeout"} <= set(names)
    assert list(METHODS) == methods(JAIL, ["mail"])
    told = [value(JAIL, ["mail", key]) for key in ("actionban", "dest", "timeout", "actionstop")]
    assert ["x <ip>", "root", 5, ""] == told
    assert 60 == value(JailConfig("j", scripts=(Script("a"),)), ["a", "timeout"])
    for text, span in (("1m", 60), ("soon", "soon")):
        jail = JailConfig("j", scripts=(Script("a", (("timeout", text),)),))
        assert span == value(jail, ["a", "timeout"])


def test_of_an_action_in_python_arguments_are_told() -> None:
    jail = JailConfig("j", scripts=(Script("p", (("opt", "x"),), "action.d/p.py"),))
    assert ["opt"] == properties(jail, ["p"])


@pytest.mark.parametrize(
    ("read", "words", "text"),
    [
        (value, ["mail", "nonsense"], "'CommandAction' object has no attribute 'nonsense'"),
        (value, ["other", "x"], "'Invalid Action name: other'"),
        (value, ["mail"], "list index out of range"),
        (properties, [], "list index out of range"),
        (methods, [], "list index out of range"),
        (methods, ["other"], "'Invalid Action name: other'"),
    ],
)
def test_what_is_not_there_is_told(read: object, words: list[str], text: str) -> None:
    assert callable(read)
    with pytest.raises(CommandError) as caught:
        read(JAIL, words)
    assert text == str(caught.value)
