"""Names in the kernel."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.firewalls.elements import HOST4, HOST6, Kind
from banish.adapters.firewalls.names import GATE, SetName, of_jail, to_jail, to_set
from banish.core.errors import EnforceError

JAILS = st.text(st.characters(codec="utf-8"), max_size=16)


def test_a_plain_jail_is_called_what_the_operator_calls_it() -> None:
    assert of_jail("nginx-http_auth2") == "jail/nginx-http_auth2"
    assert str(SetName("sshd", HOST4, 7)) == "jail/sshd/ip4-32/7"
    assert str(SetName("sshd", Kind(6, 64), 12)) == "jail/sshd/ip6-64/12"


def test_what_nft_could_not_read_is_written_in_hexadecimal() -> None:
    assert of_jail("web admin/é.x") == "jail/web.20admin.2f.c3.a9.2ex"


@given(JAILS)
def test_every_jail_is_found_again_and_nft_can_read_its_name(jail: str) -> None:
    assert to_jail(of_jail(jail)) == jail
    assert re.fullmatch(r"[a-zA-Z][a-zA-Z0-9/_.-]*", of_jail(jail))


@given(JAILS, st.sampled_from([HOST4, HOST6, Kind(4, 0), Kind(6, 64)]), st.integers(1, 10**9))
def test_every_set_is_found_again(jail: str, kind: Kind, generation: int) -> None:
    name = SetName(jail, kind, generation)
    assert to_set(str(name)) == name


def test_a_jail_with_bytes_that_are_no_text_is_found_again() -> None:
    assert to_jail(of_jail("caf\udce9")) == "caf\udce9"


@pytest.mark.parametrize("name", [GATE, "sshd", "jail/sshd/ip4-32/1", ""])
def test_what_is_no_jails_is_nobodys(name: str) -> None:
    assert to_jail(name) is None


@pytest.mark.parametrize(
    "name", ["__set0", "jail/sshd", "jail/sshd/ip5-32/1", "jail/sshd/ip4-32/", "x/ip4-32/1"]
)
def test_a_set_of_no_jail_is_nobodys(name: str) -> None:
    assert to_set(name) is None


def test_a_name_that_the_kernel_has_no_room_for_is_refused() -> None:
    with pytest.raises(EnforceError, match="shorten it"):
        of_jail("x" * 300)
