"""Commands that are joined, and such that stay alone."""

from __future__ import annotations

import pytest

from banish.compat.batching import joined

NFT = r"nft add element inet f2b-table addr-set-sshd \{{ {} \}}"
RULE = "iptables -w -I f2b-sshd 1 -s {} -j REJECT --reject-with icmp-port-unreachable"


def test_elements_are_added_together() -> None:
    assert NFT.format("192.0.2.1, 2001:db8::/64") == joined(
        [NFT.format("192.0.2.1"), NFT.format("2001:db8::/64")]
    )
    assert NFT.format("192.0.2.1") == joined([NFT.format("192.0.2.1")])


def test_rules_are_fed_to_restore_in_their_order() -> None:
    assert (
        r"printf '%s\n' '*filter'"
        " '-I f2b-sshd 1 -s 192.0.2.1 -j REJECT --reject-with icmp-port-unreachable'"
        " '-I f2b-sshd 1 -s 192.0.2.2 -j REJECT --reject-with icmp-port-unreachable' COMMIT"
        " | iptables-restore --noflush -w"
    ) == joined([RULE.format("192.0.2.1"), RULE.format("192.0.2.2")])
    assert (
        r"printf '%s\n' '*mangle' '-D a -s 2001:db8::1 -j DROP' COMMIT | /sbin/ip6tables-restore --noflush"
    ) == joined(["/sbin/ip6tables -t mangle -D a -s 2001:db8::1 -j DROP"])


def test_members_of_a_set_are_fed_to_restore() -> None:
    assert (
        r"printf '%s\n' 'add f2b-sshd 192.0.2.1 timeout 0' 'add f2b-sshd 192.0.2.2 timeout 0'"
        " | ipset -exist restore"
    ) == joined([f"ipset -exist add f2b-sshd 192.0.2.{n} timeout 0" for n in (1, 2)])
    assert r"printf '%s\n' 'del s 192.0.2.1' | ipset -exist restore" == joined(
        ["ipset del s 192.0.2.1 -exist"]
    )


@pytest.mark.parametrize(
    "scripts",
    [
        [],
        ["echo 192.0.2.1", "echo 192.0.2.2"],
        [NFT.format("192.0.2.1"), "nft add element inet other addr-set-sshd \\{ 192.0.2.2 \\}"],
        [NFT.format("192.0.2.1"), NFT.format("192.0.2.2") + "; echo"],
        [NFT.format("$(reboot)")],
        [RULE.format("192.0.2.1"), RULE.format("192.0.2.2").replace("-w ", "")],
        [RULE.format("192.0.2.1"), RULE.format("192.0.2.2") + "\nlogger x"],
        [RULE.format("$f2bV_ip")],
        ['iptables -I f2b-sshd 1 -s 192.0.2.1 -j LOG --log-prefix "x"'],
        ["ipset add f2b-sshd 192.0.2.1"],
        ["ipset -exist add f2b-sshd 192.0.2.1 && true"],
        ["iptables -N x"],
    ],
)
def test_what_is_no_plain_command_of_one_kind_stays_alone(scripts: list[str]) -> None:
    assert joined(scripts) is None
