"""What the shell is given."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as some

from banish.compat.rendering import Rendering
from banish.core.config import Script


def rendering(**properties: str) -> Rendering:
    given = tuple((name.replace("__", "?family="), value) for name, value in properties.items())
    return Rendering(Script("a", given), ("host.example", "host"))


def words(made: Rendering, values: Mapping[str, str], family: str = "") -> list[str]:
    return list(made.words("actionban", family, values.get))


def test_values_of_the_configuration_are_put_in_by_family() -> None:
    made = rendering(actionban="<tool> <set>", tool="fw4", tool__inet6="fw6", set="s-<name>", name="j")
    assert ("inet4", "inet6") == made.families
    assert ("fw4 s-j", "fw6 s-j") == (made.plain("actionban", "inet4"), made.plain("actionban", "inet6"))
    assert "" == made.plain("actionstart", "inet4")


def test_a_command_may_differ_by_family() -> None:
    made = rendering(actionban="one", actionban__inet6="two")
    assert ("one", "two") == (made.plain("actionban", "inet4"), made.plain("actionban", "inet6"))


def test_the_host_and_blanks_are_known_unless_somebody_says_otherwise() -> None:
    made = rendering(actionban="<fq-hostname><br><sh-hostname><sp>.", br="X")
    assert "host.exampleXhost ." == made.plain("actionban", "")


def test_what_nobody_explains_stays() -> None:
    assert ["<chain> <unknown>"] == words(rendering(actionban="<chain> <unknown>", chain="<chain>"), {})


def test_harmless_values_are_put_in_and_others_handed_over() -> None:
    made = rendering(actionban="report <ip> <matches>")
    assert ["report 192.0.2.1 a b"] == words(made, {"ip": "192.0.2.1", "matches": "a b"})
    assert ["f2bV_matches=${0} \nreport 192.0.2.1 $f2bV_matches", "it's"] == words(
        made, {"ip": "192.0.2.1", "matches": "it's"}
    )


@given(some.dictionaries(some.sampled_from(["matches", "ip", "F-USER"]), some.text(max_size=30)))
def test_no_value_is_ever_read_by_the_shell(values: dict[str, str]) -> None:
    made = rendering(actionban='printf \'%s|\' "<matches>" "<ip>" "<F-USER>"')
    values = {name: value.replace("\0", "") for name, value in values.items()}
    done = subprocess.run(["/bin/sh", "-c", *words(made, values)], capture_output=True, check=True)
    tags = ("matches", "ip", "F-USER")
    expected = "".join(f"{values.get(tag, f'<{tag}>')}|" for tag in tags)
    assert expected.encode("utf-8", "surrogateescape") == done.stdout


@pytest.mark.parametrize(
    ("properties", "families", "on_demand"),
    [
        ({}, ("",), False),
        ({"x__inet6": "1"}, ("inet4", "inet6"), True),
        ({"x__inet6": "1", "actionstart_on_demand": "false"}, ("inet4", "inet6"), False),
        ({"actionstart_on_demand": "yes"}, ("",), True),
        ({"families": "inet4"}, ("inet4",), False),
    ],
)
def test_what_is_started_when(
    properties: dict[str, str], families: tuple[str, ...], *, on_demand: bool
) -> None:
    made = rendering(**properties)
    assert (families, on_demand) == (made.families, made.is_on_demand)


def test_how_it_is_run() -> None:
    made = rendering(
        timeout="1m", norestored="1", actionrepair_on_unban="true", actionban="x", actionstop=" "
    )
    assert (60.0, True, True) == (made.timeout, made.leaves_out_restored, made.repairs_on_unban)
    assert (True, False, False) == (made.has("actionban"), made.has("actionstop"), made.has("actionflush"))
    assert (60.0, False, False) == (
        rendering(timeout="soon").timeout, rendering().leaves_out_restored, rendering().repairs_on_unban,
    )  # fmt: skip


def test_the_tags_that_a_command_wants_are_known() -> None:
    made = rendering(actionban="<host> <F-USER>", host="<ip-host>", host__inet6="<ip-rev>")
    assert {"ip-host", "ip-rev", "F-USER"} == made.tags("actionban")
    assert not made.tags("actionunban")


def test_an_endless_value_is_left_as_it_stands() -> None:
    assert "<a>" == rendering(actionban="<a>", a="<b>", b="<a>").plain("actionban", "")
