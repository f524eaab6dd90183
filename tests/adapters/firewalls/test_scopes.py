"""What scopes mean."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.firewalls.scopes import WITH_PORTS, Reach, reach, reaches_of
from banish.core.config import Scope
from banish.core.errors import EnforceError

RANGES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair))))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        (Scope(), Reach((), ())),
        (Scope("tcp", ((22, 22),)), Reach((6,), ((22, 22),))),
        (Scope("UDP"), Reach((17,), ())),
        (Scope("47"), Reach((47,), ())),
        (Scope("all", ((80, 81),)), Reach(WITH_PORTS, ((80, 81),))),
        (Scope("icmp", ((80, 81),)), Reach((1,), ())),
        (Scope("tcp", ((80, 90), (22, 22), (85, 95), (96, 99))), Reach((6,), ((22, 22), (80, 99)))),
    ],
)
def test_a_scope_means(scope: Scope, expected: Reach) -> None:
    assert reach(scope) == expected


@given(RANGES, st.integers(0, 45))
def test_joined_ranges_cover_what_each_of_them_covers(ranges: list[tuple[int, int]], port: int) -> None:
    expected = not ranges or any(low <= port <= high for low, high in ranges)
    assert expected == reach(Scope("tcp", tuple(ranges))).covers(6, port)


@given(RANGES)
def test_joined_ranges_do_not_touch(ranges: list[tuple[int, int]]) -> None:
    joined = reach(Scope("tcp", tuple(ranges))).ports
    assert all(before[1] + 1 < after[0] for before, after in pairwise(joined))


def test_a_reach_covers_its_protocols_only() -> None:
    assert reach(Scope("tcp")).covers(6, 1)
    assert not reach(Scope("tcp")).covers(17, 1)
    assert reach(Scope()).covers(1, 0)


@pytest.mark.parametrize("protocol", ["smoke", "", "256", "-1", "²", "tcp,udp"])
def test_an_unknown_protocol_is_refused_with_what_would_be_right(protocol: str) -> None:
    with pytest.raises(EnforceError, match=r"write icmp, .*, all, or its number"):
        reach(Scope(protocol))


@pytest.mark.parametrize("ports", [(5, 4), (-1, 4), (1, 65536)])
def test_a_range_that_is_none_is_refused(ports: tuple[int, int]) -> None:
    with pytest.raises(EnforceError, match=f"ports {ports[0]}-{ports[1]}: no range"):
        reach(Scope("tcp", (ports,)))


def test_jails_without_scopes_are_left_out_and_errors_name_the_jail() -> None:
    assert reaches_of({"sshd": [Scope("tcp")], "idle": []}) == {"sshd": (Reach((6,), ()),)}
    with pytest.raises(EnforceError, match=r'^\[web\] protocol "smoke": unknown'):
        reaches_of({"web": [Scope("smoke")]})
