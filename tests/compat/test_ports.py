import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.ports import scopes
from banish.core.config import Scope

SERVICES = {"ssh": 22, "http": 80, "https": 443, "ftp": 21, "ftp-data": 20}
ALL = ()


@pytest.mark.parametrize(
    ("expected", "ports", "protocols"),
    [
        ([("tcp", ((22, 22),))], "ssh", "tcp"),
        ([("tcp", ((80, 80), (443, 443)))], "https,http", "tcp"),
        ([("tcp", ((20, 22),))], "ftp-data, ssh ftp", "tcp"),
        ([("tcp", ((1000, 2000), (8080, 8080)))], "8080,1000:2000,1500", "TCP"),
        ([("tcp", ((20, 80),))], "ftp-data:http", "tcp"),
        ([("tcp", ((1000, 2000),))], "1000-2000", "tcp"),
        ([("tcp", ((53, 53),)), ("udp", ((53, 53),))], "53", "udp,tcp"),
        ([("tcp", ALL)], "0:65535", "tcp"),
        ([("tcp", ALL)], "1:65535", "tcp"),
        ([("tcp", ALL)], "all", "tcp"),
        ([("tcp", ALL)], "22,any", "tcp"),
        ([("tcp", ALL)], "", "tcp"),
        ([("all", ALL)], "ssh", "all"),
        ([("all", ALL)], "ssh", ""),
    ],
)
def test_ports_are_read_as_actions_write_them(
    expected: list[tuple[str, tuple[tuple[int, int], ...]]], ports: str, protocols: str
) -> None:
    assert (tuple(Scope(*scope) for scope in expected), []) == scopes(ports, protocols, SERVICES)


@pytest.mark.parametrize(
    ("expected", "ports"),
    [
        ('"htps" is no service that this machine knows; did you mean https?', "htps"),
        ('"zzzz" is no service that this machine knows; write its number', "zzzz"),
        ('"70000" is no port; write a number from 0 to 65535', "70000"),
        ('"9:5" ends before it begins; write the lower port first', "9:5"),
        ('"²" is no service that this machine knows; write its number', "²"),
    ],
)
def test_a_word_that_names_no_port_is_told_and_the_others_hold(expected: str, ports: str) -> None:
    assert ((), [expected]) == scopes(ports, "tcp", SERVICES)
    assert ((Scope("tcp", ((22, 22),)),), [expected]) == scopes(f"{ports},ssh", "tcp", SERVICES)


@pytest.mark.slow
@given(st.text(alphabet="0123456789:-,. hstp"), st.text(alphabet="tcpud,{} al"))
def test_ranges_are_sorted_and_do_not_touch_whatever_is_written(ports: str, protocols: str) -> None:
    for scope in scopes(ports, protocols, SERVICES)[0]:
        ends = [end for span in scope.ports for end in span]
        assert sorted(ends) == ends
        assert all(
            after[0] - before[1] > 1 for before, after in zip(scope.ports, scope.ports[1:], strict=False)
        )
