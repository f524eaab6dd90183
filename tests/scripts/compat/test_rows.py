"""What may be brought to one form, and that nothing else is."""

from __future__ import annotations

from compat.case import NOW
from compat.rows import Row, ours, theirs

from banish.core.model import Instant


def row(text: str) -> Row:
    (one,) = theirs(text, None, frozenset()).rows
    return one


def test_fields_without_a_value_are_left_out_and_users_are_sorted() -> None:
    text = "['192.0.2.1',\t12.0,\t{'ip4': '192.0.2.1', 'ip6': None, 'users': {'b', ('a', None)}}],"
    assert Row("192.0.2.1", 12.0, (("ip4", "192.0.2.1"), ("users", ("('a', None)", "b")))) == row(text)


def test_now_and_no_time_are_the_same() -> None:
    assert row("['a', None, {}],") == row(f"['a', {NOW}.0, {{}}],")
    assert ours("a", None, {}, (), is_raw=True) == ours("a", Instant(NOW), {}, (), is_raw=True)


def test_the_address_beside_an_id_is_worked_out() -> None:
    text = "['anna', 1.0, {'ip4': '192.0.2.1', 'fid': 'anna', 'ip': '192.0.2.1'}],"
    fields = {"ip4": "192.0.2.1", "fid": "anna"}
    assert row(text) == ours("anna", Instant(1), fields, (), is_raw=False)


def test_a_name_is_an_address_only_where_names_stand_for_themselves() -> None:
    fields = {"dns": "a.example", "fid": "anna"}
    assert dict(ours("anna", None, fields, (), is_raw=True).fields)["ip"] == "a.example"
    assert "ip" not in dict(ours("anna", None, fields, (), is_raw=False).fields)


def test_an_address_has_one_text() -> None:
    assert row("['::1.2.3.4', 1.0, {'fid': 'x', 'ip': '::1.2.3.5'}],") == row(
        "['::102:304', 1.0, {'fid': 'x', 'ip': '::102:305'}],"
    )


def test_lines_are_joined_and_a_borrowed_date_is_not_part_of_them() -> None:
    text = "['a', 1.0, {}],"
    matches = "[('<', 'now', '> a'), ('', 'now', ' b')]"
    (one,) = theirs(text, matches, frozenset({"<now> a", " b"})).rows
    assert ("<now> a", " b") == one.lines
    outcome = theirs(text, matches, frozenset({"<now> a", "now b", " b"}))
    assert ("<now> a", "now b") == outcome.rows[0].lines
    assert {"<now> a": {"<> a"}, "now b": {" b"}} == outcome.undated


def test_the_address_of_an_earlier_failure_of_a_connection_is_none_of_this() -> None:
    told = row("['::1', 1.0, {'fid': '::1', 'ip6': '::1', 'mlfid': 'x', 'ip': '::2'}],")
    assert "ip" not in dict(told.fields)
    told = row("['a.example', 1.0, {'fid': 'a.example', 'dns': 'a.example', 'mlfid': 'x', 'ip': '1'}],")
    assert "ip" not in dict(told.fields)
    assert "ip" in dict(row("['::1', 1.0, {'fid': '::1', 'ip6': '::1', 'ip': '::2'}],").fields)
