"""Lines of one shape are judged alike; what that is not true of goes the clear way."""

from __future__ import annotations

import pytest
from tests.core.match.logs import IP4, NOON, Twins, block, jail, program, rules

from banish.core.match import Mode, shapes
from banish.core.match.page import Page
from banish.core.match.shapes import ShapeScanner
from banish.core.model import Instant

HOUSE = r"^ gate sshd\[\d+\]: (?P<content>.+)$"
CONNECTION = r"^(?P<mlfid> gate sshd\[\d+\]: )(?P<content>.+)$"


def dated(*lines: str, day: str = "2026-01-01", first: int = 0) -> list[str]:
    return [
        f"{day} 11:{(first + n) // 60 % 60:02}:{(first + n) % 60:02} gate sshd[{n}]: {line}"
        for n, line in enumerate(lines)
    ]


def subjects(twins: Twins, *lines: str) -> list[str]:
    return [hit.subject for hit in twins.read(dated(*lines))]


def test_the_second_line_of_a_shape_tells_its_own_address() -> None:
    twins = Twins(program(jail(rf"^bad {IP4}$", prefix=HOUSE)))
    assert ["192.0.2.1", "192.0.2.9"] == subjects(twins, "bad 192.0.2.1", "good", "bad 192.0.2.9", "good")


def test_an_expression_that_tells_digits_apart_is_asked_of_every_text() -> None:
    twins = Twins(program(jail(rf"^{IP4} status 404$", rf"^{IP4} status 5\d\d$", prefix=HOUSE)))
    lines = [f"192.0.2.{n} status {status}" for n, status in enumerate((404, 403, 500, 404, 404, 444, 599))]
    assert [f"192.0.2.{n}" for n in (0, 2, 3, 4, 6)] == subjects(twins, *lines)
    assert ["192.0.2.0", "192.0.2.2"] == subjects(twins, *lines[:3])


def test_texts_are_told_apart_by_the_digits_that_are_compared() -> None:
    twins = Twins(program(jail(rf"^{IP4}: 11: bye", rf"^{IP4}: (?:3|14): .* status 5", prefix=HOUSE)))
    lines = [f"192.0.2.{n}: {n % 5 + 10}: bye status {n % 7}" for n in range(100, 200)]
    assert 23 == len(subjects(twins, *lines))


def test_a_prefix_that_tells_digits_apart_goes_the_clear_way() -> None:
    twins = Twins(program(jail(rf"^bad {IP4}$", prefix=r"^ gate sshd\[1\d*\]: (?P<content>.+)$")))
    assert ["192.0.2.1"] == subjects(twins, "bad 192.0.2.0", "bad 192.0.2.1", "bad 192.0.2.2", "worse")


def test_a_prefix_that_leaves_nothing_is_as_if_there_were_none() -> None:
    twins = Twins(program(jail(rf"srv: {IP4}", prefix=r"^ srv: (?:\S+ )?(?P<content>.*)$")))
    lines = [f"2026-01-01 10:00:0{second} srv: 192.0.2.{second} " for second in range(3)]
    assert ["192.0.2.0", "192.0.2.1", "192.0.2.2"] == [hit.subject for hit in twins.read(lines)]


def test_what_is_compared_with_itself_goes_the_clear_way() -> None:
    twins = Twins(program(jail(rf"^(?P<a>\d) (?P=a) {IP4}$", prefix=HOUSE)))
    assert ["192.0.2.2"] == subjects(twins, "1 2 192.0.2.1", "3 3 192.0.2.2", "4 5 192.0.2.3")


def test_early_and_late_exceptions_hold() -> None:
    early = jail(*(rf"^bad {n} {IP4}$" for n in "abcd"), prefix=HOUSE, ignores=("friend",))
    late = jail(rf"^bad friend {IP4}$", rf"^bad {IP4}$", prefix=HOUSE, ignores=("friend",), name="late")
    twins = Twins(program(early, late))
    lines = ["bad a 192.0.2.1", "bad friend 192.0.2.2", "bad 192.0.2.3", "bad b 192.0.2.4"]
    assert ["192.0.2.1", "192.0.2.3", "192.0.2.4"] == subjects(twins, *lines)


def test_a_line_of_another_template_in_between_changes_who_dates_the_next() -> None:
    twins = Twins(program(jail(rf"bad {IP4}$")))
    lines = [
        *dated("bad 192.0.2.1", "bad 192.0.2.2"),
        "[PDT Jan 01 11:00:03] error : bad 192.0.2.3",
        "[Thu Jan 01 11:00:04.150625 2026] bad 192.0.2.4",
        "[Thu Jan 01 11:00:05.150625 2026] bad 192.0.2.5",
        *dated("bad 192.0.2.6", first=9),
    ]
    for cut in range(len(lines)):
        Twins(program(jail(rf"bad {IP4}$"))).read_parts(lines, cut)
    assert 6 == len(twins.read(lines))


@pytest.mark.parametrize(
    "text",
    [
        "no date bad 192.0.2.1",
        "2026-02-30 11:00:00 gate sshd[1]: bad 192.0.2.1",
        "2026-01-01 11:00:00 gate sshd[1]: b\xe4d bad 192.0.2.1",
        "2026-01-01 11:00:00.123 gate sshd[1]: bad 192.0.2.1",
        "2026-01-01 11:00:61 gate sshd[1]: bad 192.0.2.1",
        "2026-01-01 11:00:00 gate sshd[1]: bad 192.0.2.1\r",
        "  2026-01-01 11:00:00 gate sshd[1]: bad 192.0.2.1",
        "2026-01-01 11:00:00",
        "",
    ],
)
def test_odd_lines_are_judged_as_line_by_line(text: str) -> None:
    lines = [*dated("bad 192.0.2.7", "good"), text, text, *dated("bad 192.0.2.8", first=5), text]
    for mode in Mode:
        Twins(program(jail(rf"bad {IP4}$")), mode).read(lines, live=mode is Mode.LIVE)


def test_a_connection_is_put_together_over_blocks() -> None:
    twins = Twins(
        program(jail(r"^(?P<nofail>hello) " + IP4, r"^fail$", r"^(?P<mlfforget>bye)$", prefix=CONNECTION))
    )
    talk = [
        f"2026-01-01 11:00:00 gate sshd[{n % 3}]: {what}" for n, what in enumerate(["hello 192.0.2.1"] * 3)
    ]
    talk += [f"2026-01-01 11:00:01 gate sshd[{n % 3}]: fail" for n in range(6)]
    talk += ["2026-01-01 11:00:02 gate sshd[1]: bye", "2026-01-01 11:00:02 gate sshd[1]: fail"]
    assert [0, 7] == [len(hits) for hits in twins.read_parts(talk, 3)]


def test_a_line_of_any_length_is_evidence_up_to_a_limit() -> None:
    twins = Twins(program(jail(rf"^{IP4} fail", prefix=CONNECTION)))
    (hit,) = twins.read([f"2026-01-01 11:00:00 gate sshd[1]: 192.0.2.1 fail {'x' * 5000}"])
    assert 1000 == len(hit.lines[0])


def test_old_lines_of_a_backlog_do_not_count() -> None:
    twins = Twins(program(jail(rf"bad {IP4}$")), Mode.BACKLOG)
    old = dated("bad 192.0.2.1", "bad 192.0.2.1")
    new = [line.replace(" 11:", " 11:5", 1).replace("11:50", "11:5") for line in dated("bad 192.0.2.2")]
    new = [
        "2026-01-01 11:55:00 gate sshd[1]: bad 192.0.2.2",
        "2026-01-01 11:55:01 gate sshd[1]: bad 192.0.2.2",
    ]
    assert ["192.0.2.2", "192.0.2.2"] == [hit.subject for hit in twins.read([*old, *new])]


def test_an_odd_date_of_a_live_line_counts_as_now_and_is_told_once() -> None:
    twins = Twins(program(jail(rf"bad {IP4}$")), Mode.LIVE)
    hits = twins.read(dated("bad 192.0.2.1", "bad 192.0.2.2"), live=True)
    assert [NOON, NOON] == [hit.at for hit in hits]
    later = twins.read(dated("bad 192.0.2.1"), Instant(NOON + 5), live=True)
    assert [NOON + 5] == [hit.at for hit in later]


def test_names_and_free_identifiers_are_told_as_before() -> None:
    twins = Twins(
        program(
            jail(r"bad host (?P<dns>[\w.]+)$", name="dns"),
            jail(r"bad id (?P<fid>\w+) " + IP4, name="fid"),
            jail(r"bad six (?P<ip6>[0-9a-f:]+)$", name="six"),
            jail(r"bad net " + IP4 + r"/(?P<cidr>\d+)$", name="net"),
            jail(r"bad alt (?P<alt_user>\w*) (?P<alt_user_1>\w*) " + IP4, name="alt"),
            jail(r"bad both (?P<tuple_id>\w+) (?P<tuple_id_1>\w+)" + r"(?P<fid>)", name="both"),
        )
    )
    lines = [
        "host a.example",
        "id x 192.0.2.1",
        "six 2001:db8::1",
        "net 192.0.2.0/24",
        "alt  b 192.0.2.1",
        "both a b",
    ]
    hits = twins.read(dated(*(f"bad {line}" for line in lines), *(f"bad {line}" for line in lines)))
    assert {"dns", "fid", "six", "net", "alt", "both"} >= {hit.jail for hit in hits}
    assert 8 <= len(hits)


def test_without_all_fields_only_the_culprit_is_told() -> None:
    scanner = ShapeScanner(rules(rf"bad (?P<user>\w+) {IP4}$"), tells_fields=False)
    assert scanner.is_usable


def test_lines_that_belong_together_are_not_judged_by_their_shape() -> None:
    made = program(jail(rf"^ one\n two {IP4}$", maxlines=2))
    assert not ShapeScanner(made.jails[0]).is_usable
    Twins(made).read(["2026-01-01 11:00:00 one", "2026-01-01 11:00:00 two 192.0.2.1"] * 3)


def test_full_tables_begin_anew(inside: pytest.MonkeyPatch) -> None:
    for table in ("_MOST", "_TEXTS", "_SUBJECTS"):
        inside.setattr(f"banish.core.match.shapes.{table}", 2)
    inside.setattr("banish.core.match.stamps._MOST", 2)
    twins = Twins(program(jail(rf"^{IP4} status 404 \w+$", rf"^bad {IP4} \w+$", prefix=HOUSE)))
    words = [f"192.0.2.{n % 7} status 404 {'abc'[n % 3] * (n % 5 + 1)}" for n in range(40)]
    words += [f"bad 192.0.2.{n % 7} {'abc'[n % 3] * (n % 5 + 1)}" for n in range(40)]
    assert 80 == len(twins.read(dated(*words)))


@pytest.mark.parametrize("at_once", [1, 8, 300])
def test_shapes_are_made_where_lines_are_many(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "AT_ONCE", 256)
    judged = 0
    scanner = ShapeScanner(rules(rf"^bad {IP4}$", prefix=HOUSE))
    while not scanner._knowledge.known:
        lines = block(dated(*["good"] * at_once)).block
        assert [] == scanner.scan_page(Page(lines), Mode.REPLAY, NOON, [])
        judged += at_once
    assert judged == {1: 2000, 8: 2000, 300: 300}[at_once]
