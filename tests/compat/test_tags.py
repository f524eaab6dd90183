"""Every tag of the language: what it matches, what it does not, and what its groups are called."""

from __future__ import annotations

import re
import warnings
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.tags import expand, group_of
from banish.core.config import UseDns
from banish.core.errors import RuleError


def groups(rule: str, text: str, usedns: UseDns = UseDns.WARN) -> dict[str, str] | None:
    """Return what the groups of a rule captured in the whole of a text; nothing if it does not match."""
    match = re.fullmatch(expand(rule, usedns), text)
    return match and {name: value for name, value in match.groupdict().items() if value is not None}


Samples: TypeAlias = "list[tuple[str, dict[str, str] | None]]"

IP4_SAMPLES: Samples = [
    ("192.0.2.7", {"ip4": "192.0.2.7"}),
    ("::ffff:192.0.2.7", {"ip4": "192.0.2.7"}),
    ("::ffffff:192.0.2.7", {"ip4": "192.0.2.7"}),
    ("::fff:192.0.2.7", None),
    ("::FFFF:192.0.2.7", None),
    ("999.1.1.1", {"ip4": "999.1.1.1"}),  # pitfall 24: nothing is validated here
    ("\u0661.2.3.4", {"ip4": "\u0661.2.3.4"}),  # pitfall 30
    ("192.0.2", None),
    ("192.0.2.7.9", None),
    ("1920.0.2.7", None),
]
IP6_SAMPLES: Samples = [
    ("2001:db8::7", {"ip6": "2001:db8::7"}),
    ("2001:DB8:0:0:0:0:0:7", {"ip6": "2001:DB8:0:0:0:0:0:7"}),
    ("::1", {"ip6": "::1"}),
    ("2001:db8::", {"ip6": "2001:db8::"}),
    ("::", {"ip6": "::"}),
    (":", None),  # which many lines have where an address may be missing
    ("db8:", None),
    (":7", {"ip6": ":7"}),
    (":::", {"ip6": ":::"}),
    ("1::2::3", {"ip6": "1::2::3"}),
    ("fe80::1%eth0", None),
    ("12345::1", None),
    ("db8", None),
]
DNS_SAMPLES: Samples = [
    ("a.example", {"dns": "a.example"}),
    ("a_b-c^d.example", {"dns": "a_b-c^d.example"}),
    ("h", {"dns": "h"}),
    ("a.example.", None),
    ("a b", None),
    ("", None),
]
BRACKETED: Samples = [("[192.0.2.7]", {"ip4": "192.0.2.7"}), ("[2001:db8::7]", {"ip6": "2001:db8::7"})]
ADDR_SAMPLES: Samples = [
    *IP4_SAMPLES,
    *BRACKETED,
    ("[::1", {"ip6": "::1"}),
    ("a.example", None),
    ("[a.example]", None),
]
SUBNET_SAMPLES: Samples = [
    *BRACKETED,
    ("192.0.2.7", {"ip4": "192.0.2.7"}),
    ("192.0.2.7/24", {"ip4": "192.0.2.7", "cidr": "24"}),
    ("[2001:db8::/64]", {"ip6": "2001:db8::", "cidr": "64"}),
    ("[2001:db8::]/64", None),
    ("192.0.2.7/", None),
]
HOST_SAMPLES: Samples = [
    *BRACKETED,
    ("192.0.2.7", {"ip4": "192.0.2.7"}),
    ("::1", {"ip6": "::1"}),
    ("192.0.2", {"dns": "192.0.2"}),
    ("192.0.2.7.example", {"dns": "192.0.2.7.example"}),
    ("a.example", {"dns": "a.example"}),
    ("[a.example]", None),
]
SAMPLES: dict[str, Samples] = {
    "<IP4>": IP4_SAMPLES,
    "<F-IP4/>": IP4_SAMPLES,
    "<IP6>": IP6_SAMPLES,
    "<F-IP6/>": IP6_SAMPLES,
    "<DNS>": DNS_SAMPLES,
    "<F-DNS/>": DNS_SAMPLES,
    "<ADDR>": ADDR_SAMPLES,
    "<F-ADDR/>": ADDR_SAMPLES,
    "<SUBNET>": SUBNET_SAMPLES,
    "<F-SUBNET/>": SUBNET_SAMPLES,
    "<HOST>": HOST_SAMPLES,
    "<CIDR>": [("24", {"cidr": "24"}), ("", None)],
    "<F-CIDR/>": [("24", {"cidr": "24"}), ("a", None)],
    "<F-ID/>": [("anna@x", {"fid": "anna@x"}), ("a b", None), ("", None)],
    "<F-PORT/>": [("22", {"fport": "22"}), ("ssh", {"fport": "ssh"}), ("2-2", None)],
    "<F-USER>a+</F-USER>": [("aa", {"user": "aa"}), ("b", None)],
    "<F-ID>a+</F-ID>": [("aa", {"fid": "aa"})],
    "<F-PORT>1+</F-PORT>": [("11", {"fport": "11"})],
    "<F-IP4>x</F-IP4>": [("x", {"ip4": "x"})],
    "<F-ALT_USER1>a</F-ALT_USER1>": [("a", {"alt_user1": "a"})],
    "<F-A>1<F-B>2</F-B></F-A>": [("12", {"a": "12", "b": "2"})],
    "<F-A>1</F-A></F-B>": [("1</F-B>", {"a": "1"}), ("1", None)],
    "<host><F-HOST/><F-user></F->": [("<host><F-HOST/><F-user></F->", {})],
    "(?P<user>a)": [("a", {"user": "a"})],
}


@pytest.mark.parametrize(
    ("rule", "text", "captured"),
    [(rule, *sample) for rule, samples in SAMPLES.items() for sample in samples],
)
def test_a_tag_matches_and_names(rule: str, text: str, captured: dict[str, str] | None) -> None:
    assert captured == groups(rule, text)


def test_hosts_are_only_addresses_if_names_are_not_wanted() -> None:
    assert groups("<HOST>", "a.example", UseDns.NO) is None
    assert {"ip4": "192.0.2.7"} == groups("<HOST>", "[192.0.2.7]", UseDns.NO)
    assert {"dns": "a.example"} == groups("<DNS>", "a.example", UseDns.NO)


def test_a_closing_tag_may_stand_only_behind_its_opening_one() -> None:
    with pytest.raises(re.error):
        re.compile(expand("</F-A>(<F-A>1)", UseDns.WARN))


def test_skipped_lines_are_numbered_whole_and_as_few_as_possible() -> None:
    rule = "^a$<SKIPLINES>^b$<SKIPLINES>^b$"
    match = re.search(expand(rule, UseDns.WARN), "a\nx\nb\nb\nb\n", re.MULTILINE)
    assert match is not None
    assert ("x\n", "") == (match["skiplines0"], match["skiplines1"])


@pytest.mark.parametrize(
    ("rule", "regex"),
    [
        ("((?i)a|b)", "(?i:a|b)"),
        ("(?:(?i)a|b)", "(?i:a|b)"),
        ("x((?is)a)(?:(?m)b)", "x(?is:a)(?m:b)"),
        (r"\((?i)a", r"\((?i)a"),
        (r"\\((?i)a)", r"\\(?i:a)"),
        (r"\\\((?i)a", r"\\\((?i)a"),
        ("(?i)a", "(?i)a"),
        ("^(?i)a", "^(?i)a"),  # pitfall 22: Python refuses that, and says so when it is compiled
        ("(?i:a)", "(?i:a)"),
    ],
)
def test_flags_inside_a_group_are_made_local(rule: str, regex: str) -> None:
    assert regex == expand(rule, UseDns.WARN)


@pytest.mark.parametrize("rule", ["", " ", "\t\n"])
def test_nothing_is_no_expression(rule: str) -> None:
    with pytest.raises(RuleError, match="matches every line; write one, or delete the option"):
        expand(rule, UseDns.WARN)


def test_a_group_is_called_like_its_field() -> None:
    assert ["fid", "fport", "alt_user"] == [group_of(name) for name in ("ID", "PORT", "ALT_USER")]


def test_a_name_that_is_no_group_name_is_left_to_the_compiler() -> None:
    with pytest.raises(re.error):
        re.compile(expand("<F-A-B>x</F-A-B>", UseDns.WARN))


TAGS = st.sampled_from([*SAMPLES, "<SKIPLINES>", "</F-A>", "<F-A>", "(", ")", "\\", "(?i)", "<", ">", "x"])


@given(st.lists(TAGS | st.text(max_size=3)), st.sampled_from(UseDns))
def test_expansion_raises_nothing_but_rule_errors(parts: list[str], usedns: UseDns) -> None:
    try:
        regex = expand("".join(parts), usedns)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(regex)
    except (RuleError, re.error):
        pass
