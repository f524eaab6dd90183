"""Subjects as the kernel keeps them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.firewalls.elements import (
    HOST4,
    HOST6,
    LONGEST_MS,
    PERMANENT_MS,
    SHORTEST_MS,
    Kind,
    decode,
    encode,
    lists,
    locate,
    masked,
    milliseconds,
    name,
)
from banish.adapters.firewalls.netlink import LARGEST_PAYLOAD, attribute, nest
from banish.core.model import FOREVER, NEVER, Instant, Subject
from banish.core.subject import family_of, parse

NETWORKS4 = st.builds(
    lambda bits, length: IPv4Network((bits, length), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
NETWORKS6 = st.builds(
    lambda bits, length: IPv6Network((bits, length), strict=False),
    st.integers(0, 2**128 - 1),
    st.integers(0, 128),
)
SUBJECTS = (NETWORKS4 | NETWORKS6).map(lambda network: parse(str(network)))


@given(SUBJECTS)
def test_a_subject_is_read_back_as_the_same_text(subject: Subject) -> None:
    found = locate(subject)
    assert found is not None
    assert name(*found) == subject


@given(st.text(max_size=20) | st.from_regex(r"[0-9a-f.:/]{0,20}", fullmatch=True))
def test_what_is_no_address_has_no_place_in_a_set(text: str) -> None:
    if family_of(Subject(text)) is None:
        assert locate(Subject(text)) is None


@pytest.mark.parametrize(
    "text", ["a/8", "1.2.3/8", "::g/8", "1.2.3.4/33", "::/129", "::/-1", "::/²", "1.2.3.4/", "\0"]
)
def test_a_network_that_is_none_has_no_place_in_a_set(text: str) -> None:
    assert locate(Subject(text)) is None


@pytest.mark.parametrize(
    ("subject", "kind", "key"),
    [
        ("1.2.3.4", HOST4, "01020304"),
        ("1.2.3.4/32", HOST4, "01020304"),
        ("10.1.2.3/8", Kind(4, 8), "0a000000"),
        ("0.0.0.0/0", Kind(4, 0), "00000000"),
        ("2001:db8::1", HOST6, "20010db8000000000000000000000001"),
        ("2001:db8::/33", Kind(6, 33), "20010db8000000000000000000000000"),
    ],
)
def test_a_subject_is_located(subject: str, kind: Kind, key: str) -> None:
    assert locate(Subject(subject)) == (kind, bytes.fromhex(key))


def test_outdated_notations_are_not_written() -> None:
    assert name(HOST6, bytes(12) + bytes([1, 2, 3, 4])) == "::102:304"


def test_a_mask_covers_the_prefix() -> None:
    assert Kind(4, 12).mask == bytes([255, 240, 0, 0])
    assert masked(Kind(4, 12), bytes([10, 31, 7, 7])) == bytes([10, 16, 0, 0])
    assert Kind(6, 0).mask == bytes(16)
    assert Kind(6, 128).is_single
    assert not Kind(6, 32).is_single


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, None),
        (-1, None),
        (float("nan"), None),
        (FOREVER, PERMANENT_MS),
        (1e-9, SHORTEST_MS),
        (0.0205, 21),
        (600, 600_000),
        (1e15, LONGEST_MS),
    ],
)
def test_a_timeout_never_becomes_none_by_rounding(seconds: float, expected: int | None) -> None:
    assert milliseconds(Instant(seconds), Instant(0)) == expected


@pytest.mark.parametrize("key", [bytes([1, 2, 3, 4]), bytes(range(16))])
def test_elements_are_written_as_attributes(key: bytes) -> None:
    value = nest(1, attribute(1, key))
    assert encode(key) == nest(1, value)
    assert encode(key, 600_000) == nest(1, attribute(4, (600_000).to_bytes(8, "big")), value)


def test_elements_are_read_from_what_the_kernel_tells() -> None:
    key, other = bytes([1, 2, 3, 4]), bytes(range(16))
    timeout, left = attribute(4, (600_000).to_bytes(8, "big")), attribute(5, (1500).to_bytes(8, "big"))
    told = (
        nest(1, nest(1, attribute(1, key)), timeout, left) + encode(other) + nest(1, attribute(3, bytes(4)))
    )
    assert list(decode(told, Instant(100))) == [(key, Instant(101.5)), (other, NEVER)]


@given(st.integers(0, 9000))
def test_lists_fit_into_an_attribute_and_lose_nothing(count: int) -> None:
    elements = [encode(number.to_bytes(4, "big"), 5) for number in range(count)]
    joined = list(lists(elements))
    assert b"".join(joined) == b"".join(elements)
    assert all(0 < len(one) <= LARGEST_PAYLOAD for one in joined)
