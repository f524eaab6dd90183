from __future__ import annotations

from banish.core.identity import Identity
from banish.core.model import Field, Instant, Subject
from banish.core.sessions import Told, Verdict
from banish.core.trial import Finding
from banish.core.window import Line
from banish.faces.fail2ban.failures import Failure, dated, failures, literals
from banish.faces.fail2ban.names import Names

LINE = Line("a", "b", "c")


class Known(Names):
    """Names of which all addresses are known."""

    def __init__(self, *addresses: str) -> None:
        super().__init__(print)
        self.addresses = lambda _: addresses


def told(
    who: str | None, fields: dict[str, Field | None], *addresses: str, is_name: bool = False
) -> list[Failure]:
    identity = None if who is None else Identity(Subject(who), is_name)
    finding = Finding(3, identity, Instant(5), Told(Verdict.FAILURE, fields, (LINE,)))
    return list(failures(finding, Known(*addresses)))


def test_a_failure_has_what_was_found() -> None:
    (failure,) = told("192.0.2.1", {"ip4": "192.0.2.1", "user": None})
    assert (3, "192.0.2.1", Instant(5)) == (failure.rule, failure.id, failure.at)
    assert ("192.0.2.1", "None", "[('a', 'b', 'c')]") == tuple(
        failure.text(name) for name in ("ip4", "user", "matches")
    )


def test_every_address_of_a_name_is_a_failure() -> None:
    found = told("host.example", {"dns": "host.example"}, "192.0.2.1", "::1", is_name=True)
    assert ["192.0.2.1", "::1"] == [failure.id for failure in found]
    assert [] == told("host.example", {"dns": "host.example"}, is_name=True)


def test_a_failure_may_have_nobody_to_blame() -> None:
    assert [None] == [failure.id for failure in told(None, {"mlfid": "x"})]


def test_an_identifier_that_is_no_address_keeps_the_address_beside_it() -> None:
    (failure,) = told("anna", {"fid": "anna", "ip6": "2001:DB8::1"})
    assert ("anna", "2001:db8::1") == (failure.id, failure.ip)
    for fields in ({"fid": "192.0.2.1", "ip4": "192.0.2.1"}, {"fid": "x"}):
        (failure,) = told(fields["fid"], dict(fields))
        assert "ip" not in failure.fields
        assert failure.id == failure.ip


def test_several_groups_make_one_identifier() -> None:
    (failure,) = told("('a', None)", {"fid": ("a", None)})
    assert ("a", None) == failure.id


def test_a_failure_without_a_date_is_one_of_now() -> None:
    failure = Failure(0, "x", None, Verdict.FAILURE, {}, ())
    assert Instant(7) == dated(failure, Instant(7)).at
    assert Instant(5) == dated(dated(failure, Instant(5)), Instant(7)).at


def test_fields_are_written_as_python_does() -> None:
    fields: dict[str, Field | None] = {"a": "it's", "b": None, "users": ("x", "y"), "fid": ("x", None)}
    assert """{'a': "it's", 'b': None, 'users': {'x', 'y'}, 'fid': ('x', None)}""" == literals(fields)
