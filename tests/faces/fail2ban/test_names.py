from __future__ import annotations

import pytest

from banish.faces.fail2ban.names import Names, host_of, log


def test_an_address_is_its_own_address_and_is_asked_once() -> None:
    said: list[str] = []
    names = Names(said.append)
    assert [("192.0.2.1",), ("192.0.2.1",)] == [names.addresses("192.0.2.1") for _ in range(2)]
    assert ["Determined IP using DNS Lookup: 192.0.2.1 = {'192.0.2.1'}"] == said


def test_what_is_no_name_has_no_addresses() -> None:
    said: list[str] = []
    assert () == Names(said.append).addresses("a" * 300)
    assert 1 == len(said)
    assert said[0].startswith("Unable to find a corresponding IP address for aaa")


def test_what_is_no_address_has_no_name() -> None:
    assert host_of("a" * 300) is None


def test_warnings_are_shown_if_the_level_lets_them(capsys: pytest.CaptureFixture[str]) -> None:
    log("quiet", 50)
    log("loud", 30)
    output = capsys.readouterr().out
    assert "quiet" not in output
    assert "fail2ban.ipdns" in output
    assert output.endswith("WARNING loud\n")
