from __future__ import annotations

import json
import socket
import subprocess
import sys
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.surroundings import addresses
from banish.adapters.surroundings.addresses import addresses_of, default_gateways, gateways_of, own_addresses

NETWORK = """
ip link set lo up
ip link add eth9 type veth peer name tun9
ip link set eth9 up
ip link set tun9 up
ip addr add 192.0.2.2/24 dev eth9
ip addr add 10.9.0.1 peer 10.9.0.2 dev tun9
ip addr add 2001:db8::2/64 dev eth9 nodad
ip route add default nexthop via 192.0.2.1 nexthop via 192.0.2.3
ip route add default via 192.0.2.4 table 100
ip route add 198.51.100.0/24 via 192.0.2.9
ip route add unreachable default metric 9999
ip -6 route add default via 2001:db8::1
ip route add default via inet6 2001:db8::5 dev eth9 metric 500
exec "$@"
"""
TELL = """
import json
from banish.adapters.surroundings.addresses import default_gateways, own_addresses
print(json.dumps([dict(own_addresses()), sorted(default_gateways())]))
"""


def test_the_loopback_address_is_ours() -> None:
    assert ("127.0.0.1", "lo") in list(own_addresses())
    list(default_gateways())


@pytest.mark.root
@pytest.mark.slow
def test_addresses_and_gateways_are_those_of_the_interfaces_and_routes() -> None:
    command = ["unshare", "-Urn", "sh", "-ec", NETWORK, "sh", sys.executable, "-c", TELL]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in result.stderr or "Not supported" in result.stderr:
        pytest.skip(f"no private network here: {result.stderr.strip()}")
    assert result.stderr == ""
    own, gateways = json.loads(result.stdout)
    expected = {
        "127.0.0.1": "lo",
        "192.0.2.2": "eth9",
        "10.9.0.1": "tun9",
        "2001:db8::2": "eth9",
        "::1": "lo",
    }
    assert {address: name for address, name in own.items() if not address.startswith("fe80")} == expected
    assert gateways == ["192.0.2.1", "192.0.2.3", "192.0.2.4", "2001:db8::1", "2001:db8::5"]


@given(st.binary(max_size=200))
def test_no_message_makes_it_hang_or_raise(data: bytes) -> None:
    list(addresses_of(data))
    list(gateways_of(data))
    list(gateways_of(bytes(7) + b"\x01" + bytes(4) + data))


def test_a_message_without_an_address_is_left_out() -> None:
    assert list(addresses_of(b"")) == []
    assert list(addresses_of(bytes(8))) == []


def test_hops_whose_length_lies_are_left_out() -> None:
    route = bytes(7) + b"\x01" + bytes(4)
    hops = pack("=HBBi", 2, 0, 0, 1) + pack("=HBBi", 0, 0, 0, 1)
    assert list(gateways_of(route + pack("=HH", 4 + len(hops), 9) + hops)) == []


def test_an_interface_that_has_gone_is_called_by_its_number() -> None:
    assert addresses._name(2**31 - 1) == f"interface {2**31 - 1}"
    assert addresses._name(1) == socket.if_indextoname(1)
