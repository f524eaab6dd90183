"""`<tag>` substitution at load time: `<name>` becomes the value of the option `name`, until nothing changes.

What is no option stays as it is: `<HOST>` and its kin mean something later. Names are looked up exactly among
the options given; a fallback may be less strict, as it is in the original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from banish.compat.text import Fault, Text, join

MOST_TIMES = 25  # one tag may be put into one value; as the original
MOST_STEPS = 10_000  # replacements for one value; the largest stock filter needs 60
LONGEST = 1 << 20  # characters of one value

_TAG = re.compile(r"<([^ <>]+)>")

Fallback = Callable[[str], Text | None]


def substitute(
    options: Mapping[str, Text],
    *,
    ignore: Collection[str] = (),
    condition: str = "",
    fallback: Fallback = lambda _: None,
) -> dict[str, Text]:
    """Replace the tags in all values.

    Tags in `ignore` stay, and options of these names are not looked into. With a `condition` an option
    `tag?condition` comes before `tag`. A tag that leads back to itself is a `Fault` without section.
    """
    result = dict(options)
    todo = [name for name in options if name not in ignore]
    is_changed = True
    while is_changed and todo:
        is_changed = False
        for name in todo:
            before = result[name]
            after = _Value(name, before, ignore).replaced(
                lambda tag: _value(tag, result, condition) or fallback(tag)
            )
            if after is not before:
                result[name] = after
                is_changed = is_changed or bool(_TAG.search(after.text))
        todo = [name for name in todo if "<" in result[name].text]
    return result


def _value(tag: str, options: Mapping[str, Text], condition: str) -> Text | None:
    return (options.get(f"{tag}?{condition}") if condition else None) or options.get(tag)


class _Value:
    """One value on its way through its tags."""

    def __init__(self, name: str, value: Text, ignore: Collection[str]) -> None:
        self._name = name
        self._value = value
        self._ignore = ignore
        self._times: dict[str, int] = {}

    def replaced(self, lookup: Fallback) -> Text:
        """Go from left to right; what was put in is looked at again, since tags may be made of tags."""
        at = 0
        for _ in range(MOST_STEPS):
            tag = _TAG.search(self._value.text, at)
            if not tag:
                return self._value
            value = None if tag[1] in self._ignore else self._checked(tag, lookup(tag[1]))
            if value is None:
                at = tag.end()
            else:
                at = tag.start()
                self._put(tag[0], value)
        raise self._fault(f"needs more than {MOST_STEPS} replacements")

    def _checked(self, tag: re.Match[str], value: Text | None) -> Text | None:
        if tag[1] == self._name or self._times.get(tag[1], 0) > MOST_TIMES:
            raise self._fault(f"{tag[0]} leads back to itself; give one of the options another name")
        return value

    def _put(self, tag: str, value: Text) -> None:
        self._times[tag[1:-1]] = self._times.get(tag[1:-1], 0) + 1
        first, *rest = self._value.split(tag)
        self._value = join([first, *(part for after in rest for part in (value, after))])
        if len(self._value.text) > LONGEST:
            raise self._fault(f"grows beyond {LONGEST} characters")

    def _fault(self, text: str) -> Fault:
        return Fault(text, self._value.spot, key=self._name, value=self._value.text)
