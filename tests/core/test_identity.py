"""Who is to blame for the fields of a failure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.config import UseDns
from banish.core.identity import _canonical, _parsed, derive, identify, is_derived
from banish.core.model import Field


def who(usedns: UseDns = UseDns.WARN, **fields: Field) -> str | None:
    """Return the subject, with a question mark if it is a name that has to be resolved."""
    identity = identify(fields, usedns)
    return identity and identity.subject + ("?" if identity.is_name else "")


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"ip4": "192.0.2.7"}, "192.0.2.7"),
        ({"ip6": "2001:DB8::7"}, "2001:db8::7"),
        ({"ip6": "::ffff:c000:0207"}, "192.0.2.7"),
        ({"ip4": "192.0.2.7", "ip6": "::1", "dns": "a.example"}, "192.0.2.7"),
        ({"ip6": "::1", "dns": "a.example"}, "::1"),
        ({"ip4": "999.1.1.1"}, "999.1.1.1"),
        ({"ip4": "01.2.3.4"}, "01.2.3.4"),
        ({"ip4": "\u0661.2.3.4"}, "\u0661.2.3.4"),
        ({"ip6": "1::2::3"}, "1::2::3"),
        ({"ip6": "192.0.2.7"}, "192.0.2.7"),
        ({"ip4": "::1"}, "::1"),
        ({"ip4": "192.0.2.7", "cidr": "24"}, "192.0.2.0/24"),
        ({"ip6": "2001:db8::7", "cidr": "64"}, "2001:db8::/64"),
        ({"ip4": "192.0.2.7", "cidr": "32"}, "192.0.2.7"),
        ({"ip4": "192.0.2.7", "cidr": "99"}, "192.0.2.7"),
        ({"ip4": "192.0.2.7", "cidr": "9" * 5000}, "192.0.2.7"),
        ({"ip4": "999.1.1.1", "cidr": "24"}, "999.1.1.1"),
        ({"fid": "anna"}, "anna"),
        ({"fid": "[2001:DB8::7]"}, "2001:db8::7"),
        ({"fid": "192.0.2.7/255.255.255.0"}, "192.0.2.0/24"),
        ({"fid": "1.2.3"}, "1.2.3"),
        ({"ip4": "192.0.2.7", "fid": "anna"}, "anna"),
        ({"ip4": "192.0.2.7", "fid": "192.0.2.7"}, "192.0.2.7"),
        ({"ip4": "192.0.2.7", "cidr": "24", "fid": "192.0.2.7"}, "192.0.2.0/24"),
        ({"ip6": "2001:DB8::7", "fid": "2001:DB8::7"}, "2001:db8::7"),
        ({"fid": ("192.0.2.7", "anna", None)}, "('192.0.2.7', 'anna', None)"),
        ({"dns": "a.example"}, "a.example?"),
        ({"dns": "192.0.2.7"}, "192.0.2.7"),
        ({"dns": "a.example", "fid": "anna"}, "a.example?"),  # pitfall 25
        ({"dns": "a.example", "fid": ("anna", "b")}, "a.example?"),
        ({"dns": ("a", "b"), "fid": "anna"}, "anna"),
        ({"ip4": "192.0.2.7", "cidr": "0"}, "0.0.0.0"),  # one line must never ban everybody
        ({"ip6": "2001:db8::7", "cidr": "0"}, "::"),
        ({"fid": "192.0.2.7/0"}, "0.0.0.0"),
        ({"ip4": ("a", "b")}, None),
        ({"user": "anna"}, None),
        ({"fid": ""}, None),
    ],
)
def test_the_subject_of_a_failure(fields: dict[str, Field], subject: str | None) -> None:
    assert subject == who(UseDns.WARN, **fields)
    assert subject == who(UseDns.YES, **fields)


def test_names_are_nobody_if_they_are_not_wanted() -> None:
    assert who(UseDns.NO, dns="a.example") is None
    assert "192.0.2.7" == who(UseDns.NO, dns="192.0.2.7")


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"fid": "[2001:DB8::7]"}, "[2001:DB8::7]"),
        ({"ip6": "2001:DB8::7", "fid": "2001:DB8::7"}, "2001:db8::7"),
        ({"ip6": "2001:db8::7", "fid": "2001:DB8::7"}, "2001:DB8::7"),
        ({"dns": "a.example"}, "a.example"),
        ({"dns": "a.example", "fid": "anna"}, "anna"),
        ({"ip6": "2001:DB8::7"}, "2001:db8::7"),
    ],
)
def test_raw_identifiers_stay_as_they_are(fields: dict[str, Field], subject: str) -> None:
    assert subject == who(UseDns.RAW, **fields)


def derived(**groups: Field | None) -> dict[str, Field | None]:
    derive(groups)
    return groups


def test_the_first_alternative_with_a_value_fills_what_is_missing() -> None:
    groups = derived(user=None, alt_user=None, alt_user_1="", alt_user_2="anna", alt_user_3="bert")
    assert "anna" == groups["user"]
    assert "anna" == groups["alt_user_2"]


def test_an_alternative_does_not_replace_what_is_there() -> None:
    assert "anna" == derived(user="anna", alt_user="bert")["user"]


def test_short_names_stand_for_the_same_groups_as_in_tags() -> None:
    groups = derived(alt_id="anna", alt_port="22")
    assert ("anna", "22") == (groups["fid"], groups["fport"])


def test_only_a_number_behind_an_underscore_is_left_out_pitfall_23() -> None:
    groups = derived(alt_user1="anna", alt_host_12="h")
    assert "user" not in groups
    assert ("anna", "h") == (groups["user1"], groups["host"])


def test_tuples_join_in_the_order_of_their_names() -> None:
    assert ("a", "b", "c") == derived(fid="a", tuple_id="b", tuple_id_2="c")["fid"]
    assert (None, "b", None) == derived(tuple_id="b", tuple_id_2=None)["fid"]


def test_derived_groups_are_known_by_their_names() -> None:
    assert is_derived("alt_user")
    assert is_derived("tuple_id_2")
    assert not is_derived("user")
    assert not is_derived("alt_")


@given(st.one_of(st.ip_addresses(v=4).map(str), st.from_regex(r"(\d{1,3}\.){3}\d{1,3}", fullmatch=True)))
def test_plain_addresses_read_the_same_on_the_fast_path(text: str) -> None:
    assert _parsed(text, 4, "") == _canonical(text, 4, "")
