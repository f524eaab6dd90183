from __future__ import annotations

from pathlib import Path

from banish.adapters.surroundings.resolvers import name_servers


def test_name_servers_are_read_in_order_and_in_canonical_form(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_bytes(
        b"# nameserver 192.0.2.1\nsearch example\n nameserver\t192.0.2.2 # x\nnameserver 2001:DB8::1\n"
        b"nameserver fe80::1%eth0\nnameserver 999.1.1.1\nnameserver\n\xff\n"
    )
    assert list(name_servers(tmp_path, tmp_path)) == ["192.0.2.2", "2001:db8::1", "fe80::1"]


def test_those_that_systemd_resolved_asks_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.53\n")
    (tmp_path / "systemd" / "resolve").mkdir(parents=True)
    (tmp_path / "systemd" / "resolve" / "resolv.conf").write_text("nameserver 192.0.2.5\n")
    assert list(name_servers(tmp_path, tmp_path)) == ["127.0.0.53", "192.0.2.5"]


def test_a_machine_without_resolver_has_no_name_servers(tmp_path: Path) -> None:
    assert list(name_servers(tmp_path, tmp_path)) == []
