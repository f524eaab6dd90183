"""Lines in, hits out: dialogues with a scanner of small filters; verdicts checked against fail2ban 1.0.2."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.core.config import Config, JailConfig, Rule, UseDns
from banish.core.match import Findings, Mode, Scanner
from banish.core.model import Cursor, Hit, Instant, Lines, Seconds, Topic
from banish.core.rules import Calendar, compile_config

NOON = 1767268800  # 2026-01-01 12:00:00 UTC
STAMP = "2026-01-01 12:00:00"

IP4 = r"(?P<ip4>\d+\.\d+\.\d+\.\d+)"
ANNA, BERT = "192.0.2.1", "192.0.2.2"


def jail(
    *failures: str,
    name: str = "j",
    prefix: str = "",
    ignores: tuple[str, ...] = (),
    maxlines: int = 1,
    usedns: UseDns = UseDns.WARN,
    dates: tuple[str, ...] = (),
    encoding: str = "utf-8",
) -> JailConfig:
    return JailConfig(
        name,
        prefregex=Rule(prefix, prefix) if prefix else None,
        failregex=tuple(Rule(each, each) for each in failures),
        ignoreregex=tuple(Rule(each, each) for each in ignores),
        maxlines=maxlines,
        usedns=usedns,
        datepatterns=dates,
        logencoding=encoding,
        findtime=Seconds(600),
    )


class Log:
    """A log that jails read; `says` adds lines and returns what they find."""

    def __init__(self, *jails: JailConfig, mode: Mode | None = Mode.LIVE) -> None:
        program, problems = compile_config(Config(jails), Calendar(UTC, 2026))
        assert () == problems
        self.scanner = Scanner(program, mode)
        self.names = [each.name for each in jails]
        self.now = Instant(NOON)
        self.found = Findings()

    def reads(self, block: bytes, *, live: bool = True) -> list[Hit]:
        self.found = self.scanner.scan(Lines("log", block, Cursor("log", "0"), live), self.names, self.now)
        return self.found.hits

    def raw(self, *lines: str) -> list[Hit]:
        return self.reads("".join(line + "\n" for line in lines).encode())

    def says(self, *lines: str) -> list[str]:
        """Write lines at the present time; return the subjects that failed."""
        return [hit.subject for hit in self.raw(*(f"{STAMP} {line}" for line in lines))]

    @property
    def warnings(self) -> list[str]:
        assert all(note.topic is Topic.TROUBLE for note in self.found.notes)
        return [note.text for note in self.found.notes]


def stamp(seconds: float) -> str:
    """Return what the clock shows so many seconds after noon."""
    past = int(43200 + seconds)
    return f"2026-01-01 {past // 3600:02}:{past // 60 % 60:02}:{past % 60:02}"


# ------------------------------------------------------------------------------------------------ hits


def test_a_hit_has_all_that_was_in_the_line() -> None:
    log = Log(jail(rf"^ nobody {IP4}", rf"^ (?P<user>\w+) from {IP4}$"))
    (hit,) = log.raw(f"{STAMP} anna from {ANNA}")
    assert ("j", Instant(NOON), 1) == (hit.jail, hit.at, hit.rule)
    assert (f"{STAMP} anna from {ANNA}",) == hit.lines
    assert {"user": "anna", "ip4": ANNA} == hit.fields
    assert not hit.is_name


def test_the_first_expression_that_matches_decides() -> None:
    assert [ANNA] == Log(jail(rf"a {IP4}", rf"a {ANNA} {IP4}")).says(f"a {ANNA} {BERT}")


def test_the_date_is_cut_out_and_a_newline_stands_at_the_end_pitfall_20() -> None:
    log = Log(jail(rf"^ a {IP4}$", rf"^ b {IP4}\Z", rf"^ c {IP4}\n\Z", rf"^\[\] d {IP4}$"))
    assert [ANNA, BERT] == log.says(f"a {ANNA}", f"b {ANNA}", f"c {BERT}")
    assert [ANNA] == [hit.subject for hit in log.raw(f"[{STAMP}] d {ANNA}")]


def test_blanks_at_the_end_of_a_line_matter_and_carriage_returns_do_not() -> None:
    log = Log(jail(rf"^ a {IP4}$"))
    assert [] == log.says(f"a {ANNA} ")
    assert [ANNA] == log.says(f"a {ANNA}\r")


def test_odd_bytes_are_replaced_and_never_lose_the_rest() -> None:
    log = Log(jail(rf"^ \S+ {IP4}$"))
    block = f"{STAMP} ".encode() + b"\xff\xfe\0\x80 192.0.2.1\n" + f"{STAMP} é {BERT}\n".encode()
    assert [ANNA, BERT] == [hit.subject for hit in log.reads(block)]
    assert (f"{STAMP} \ufffd\ufffd\0\ufffd {ANNA}",) == log.found.hits[0].lines


def test_each_jail_reads_in_its_own_encoding() -> None:
    log = Log(jail(rf"\u00e9 {IP4}", name="latin", encoding="latin-1"), jail(rf"\u00e9 {IP4}", name="utf"))
    assert ["latin"] == [hit.jail for hit in log.reads(f"{STAMP} ".encode() + b"\xe9 192.0.2.1\n")]


def test_several_jails_judge_each_line_in_their_order() -> None:
    log = Log(jail(IP4, name="a"), jail(IP4, name="b"))
    hits = log.raw(f"{STAMP} {ANNA}", f"{STAMP} {BERT}")
    assert [("a", ANNA), ("b", ANNA), ("a", BERT), ("b", BERT)] == [(hit.jail, hit.subject) for hit in hits]
    log.names = ["b"]
    assert ["b"] == [hit.jail for hit in log.raw(f"{STAMP} {ANNA}")]


def test_an_empty_block_holds_nothing() -> None:
    log = Log(jail(IP4))
    assert [] == log.reads(b"")
    assert [] == log.reads(b"\n\n")


@given(st.lists(st.binary(max_size=60)))
def test_no_bytes_raise(lines: list[bytes]) -> None:
    log = LOGS[0]
    log.reads(b"".join(line.replace(b"\n", b"") + b"\n" for line in lines))


LOGS = [
    Log(
        jail(rf"(?P<mlfid>\w)?.*(?P<fid>\S+)(?P<alt_user_1>.)?(?P<nofail>x)?(?:{IP4})?", ignores=("y",)),
        jail(r"^.*(?P<dns>\w+)\n(?P<skiplines0>(?:.*\n)*?)", maxlines=3, name="k"),
    )
]


# ---------------------------------------------------------------------------------------------- prefix


def test_what_the_prefix_does_not_match_is_nothing() -> None:
    log = Log(jail(IP4, prefix="^ sshd"))
    assert [ANNA] == log.says(f"mail {BERT}", f"sshd {ANNA}")


def test_behind_a_prefix_only_its_content_is_searched() -> None:
    log = Log(jail(rf"^{IP4}$", prefix=r"^ sshd (?P<content>.*) end$"))
    assert [ANNA] == log.says(f"sshd {ANNA} end", f"sshd x {BERT} end")
    assert "content" not in log.found.hits[0].fields


@pytest.mark.parametrize("prefix", ["^ a(?P<content>)", "^ a(?P<content>x)?", "^ a"])
def test_without_content_the_whole_line_is_searched(prefix: str) -> None:
    log = Log(jail(rf"^ a {IP4}$", prefix=prefix))
    assert [ANNA] == log.says(f"a {ANNA}")
    assert {"ip4": ANNA} == log.found.hits[0].fields  # an empty content is no field


def test_groups_of_the_expression_lie_over_those_of_the_prefix() -> None:
    prefix = rf"^ (?P<user>\w+) {IP4} (?P<port>\d+)? ?(?P<content>.*)$"
    log = Log(jail(r"^as (?P<user>\w+)$", rf"^as (?P<user>\w+) from {IP4}$", prefix=prefix))
    assert [ANNA, BERT] == log.says(f"anna {ANNA} as bert", f"anna {ANNA} as bert from {BERT}")
    assert {"user": "bert", "ip4": ANNA} == log.found.hits[0].fields


def test_a_group_of_the_expression_that_takes_no_part_hides_that_of_the_prefix() -> None:
    log = Log(jail(rf"^from (?:{IP4}|(?P<ip6>\S+))$", prefix=rf"^ {IP4} (?P<content>.*)$"))
    assert [BERT, "2001:db8::7"] == log.says(f"{ANNA} from {BERT}", f"{ANNA} from 2001:db8::7")
    assert {"ip6": "2001:db8::7"} == log.found.hits[1].fields


# --------------------------------------------------------------------------------------------- ignoring


def test_with_few_expressions_the_content_is_ignored_after_a_match_pitfall_21() -> None:
    rules = (rf"^{IP4}", "^(?P<fid>never)", "^(?P<fid>nor this)")
    prefix = r"^ \w (?P<content>.*)$"
    assert [ANNA] == Log(jail(*rules, prefix=prefix, ignores=("^ p",))).says(f"p {ANNA}")
    assert [] == Log(jail(*rules, prefix=prefix, ignores=("known$",))).says(f"p {ANNA} known")


def test_with_many_expressions_the_whole_line_is_ignored_first_pitfall_21() -> None:
    rules = (rf"^{IP4}", "^(?P<fid>never)", "^(?P<fid>nor this)", "^(?P<fid>nor that)")
    prefix = r"^ \w (?P<content>.*)$"
    log = Log(jail(*rules, prefix=prefix, ignores=("^ p",)))
    assert [ANNA] == log.says(f"p {ANNA}", f"q {ANNA}")
    assert [] == Log(jail(*rules, prefix=prefix, ignores=("known$",))).says(f"p {ANNA} known")


# ----------------------------------------------------------------------------------------- several lines

PAIR = rf"^ A {IP4}$\n(?P<skiplines0>(?:.*\n)*?)^ B$"


def test_a_match_over_several_lines_leaves_the_skipped_ones_for_others() -> None:
    log = Log(jail(PAIR, maxlines=5))
    assert [ANNA, BERT] == log.says(f"A {ANNA}", f"A {BERT}", "x", "B", "B", "B")
    first, second = log.found.hits
    assert (f"{STAMP} A {ANNA}", f"{STAMP} B") == first.lines
    assert (f"{STAMP} A {BERT}", f"{STAMP} B") == second.lines


def test_what_fell_out_of_the_window_is_forgotten() -> None:
    assert [] == Log(jail(PAIR, maxlines=5)).says(f"A {ANNA}", *"xxxx", "B")
    assert [ANNA] == Log(jail(PAIR, maxlines=5)).says(f"A {ANNA}", *"xxx", "B")


def test_the_window_is_the_jails_over_blocks() -> None:
    log = Log(jail(PAIR, maxlines=5))
    assert [] == log.says(f"A {ANNA}")
    assert [ANNA] == log.says("B")


def test_over_several_lines_only_those_of_the_match_are_ignored() -> None:
    log = Log(jail(PAIR, maxlines=5, ignores=("x", BERT)))
    assert [ANNA] == log.says(f"A {ANNA}", "x", "B", f"A {BERT}", "B")


NEXT = rf"^ one$\n^ error {IP4}$"
"""Two lines in a row, as they are once those between them are taken."""


@pytest.mark.parametrize(
    ("first", "decides"),
    [
        (rf"^ (?P<nofail>two)$\n(?P<skiplines0>(?:.*\n)*?)^ end(?: {IP4})?", False),
        (rf"^ two$\n(?P<skiplines0>(?:.*\n)*?)^ end(?: {IP4})?", False),
        (r"^ (?P<mlfid>two)$\n(?P<skiplines0>(?:.*\n)*?)^ end", True),
        (r"^ (?P<nofail>(?P<mlfid>two))$\n(?P<skiplines0>(?:.*\n)*?)^ end", True),
        (r"^ two$\n(?P<skiplines0>(?:.*\n)*?)^ end(?P<dns>)", True),
    ],
)
def test_an_expression_over_several_lines_that_names_nobody_leaves_the_rest_to_others(
    first: str, *, decides: bool
) -> None:
    log = Log(jail(first, NEXT, maxlines=5), mode=Mode.REPLAY)
    lines = [f"{stamp(second)} {text}" for second, text in enumerate(("one", "two", f"error {ANNA}", "end"))]
    assert ([] if decides else [(ANNA, 1)]) == [(hit.subject, hit.rule) for hit in log.raw(*lines)]
    assert ([(ANNA, 1)] if decides else []) == [(hit.subject, hit.rule) for hit in log.raw(f"{stamp(4)} x")]


def test_of_one_line_nothing_is_left_to_others() -> None:
    log = Log(jail(rf"^ a(?: b {IP4})?", rf"^ a {IP4}$"))
    assert [] == log.says(f"a {ANNA}")


def test_over_several_lines_an_ignored_match_ends_it() -> None:
    first = rf"^ two$\n(?P<skiplines0>(?:.*\n)*?)^ end(?: {IP4})?"
    log = Log(jail(first, NEXT, maxlines=5, ignores=("two",)), mode=Mode.REPLAY)
    assert [] == log.says("one", "two", f"error {ANNA}", "end")


def test_the_failure_is_as_old_as_the_last_line() -> None:
    log = Log(jail(PAIR, maxlines=5), mode=Mode.REPLAY)
    assert [9] == when(log, f"{stamp(0)} A {ANNA}", f"{stamp(9)} B")


# ------------------------------------------------------------------------------------------- connections

STORY = jail(
    rf"^(?P<nofail>conn) {IP4}$",
    r"^fail (?P<user>\w+)$",
    "^(?P<mlfforget>close)$",
    prefix=r"^ \[(?P<mlfid>\w+)\] (?P<content>.*)$",
)


def test_the_lines_of_a_connection_make_one_story() -> None:
    log = Log(STORY)
    assert [ANNA] == log.says(f"[a] conn {ANNA}", "[b] fail u", "[a] fail u")
    (hit,) = log.found.hits
    assert (f"{STAMP} [a] conn {ANNA}", f"{STAMP} [a] fail u") == hit.lines
    assert {"mlfid": "a", "ip4": ANNA, "user": "u", "users": ("u",)} == hit.fields


def test_a_connection_is_forgotten_after_five_minutes_of_our_clock_or_of_the_logs() -> None:
    lines = (f"{stamp(0)} [a] conn {ANNA}", f"{stamp(301)} [a] fail u")
    assert [] == Log(STORY, mode=Mode.REPLAY).raw(*lines)
    assert 1 == len(Log(STORY, mode=Mode.LIVE).raw(*lines))
    log = Log(STORY, mode=Mode.LIVE)
    log.raw(lines[0])
    log.now = Instant(NOON + 301)
    assert [] == log.raw(lines[1])


def test_connections_age_by_our_clock_whatever_the_date_of_a_line() -> None:
    log = Log(STORY)
    log.raw(f"{stamp(0)} [a] conn {ANNA}")
    log.now = Instant(NOON + 250)
    log.raw(f"{stamp(250)} [b] fail u")
    log.now = Instant(NOON + 305)
    assert [] == log.raw(" [a] fail u")


def test_a_line_that_is_no_failure_is_none_without_a_connection_too() -> None:
    assert [BERT] == Log(jail(rf"^ (?P<nofail>a)? ?{IP4}")).says(f"a {ANNA}", f" {BERT}")


# ------------------------------------------------------------------------------------------------- whom


@pytest.mark.parametrize(
    ("usedns", "found"),
    [
        (UseDns.WARN, ("h.example", True)),
        (UseDns.YES, ("h.example", True)),
        (UseDns.RAW, ("h.example", False)),
        (UseDns.NO, None),
    ],
)
def test_a_name_is_to_be_resolved_or_raw_or_nobody(usedns: UseDns, found: tuple[str, bool] | None) -> None:
    hits = Log(jail(r"^ (?P<dns>\S+)$", usedns=usedns)).raw(f"{STAMP} h.example")
    assert found == next(((hit.subject, hit.is_name) for hit in hits), None)


def test_an_identifier_wins_over_an_address() -> None:
    assert ["anna"] == Log(jail(rf"^ {IP4} (?P<fid>\w+)$")).says(f"{ANNA} anna")


def test_derived_groups_fill_in_for_others() -> None:
    log = Log(jail(rf"^ (?:(?P<ip4>x)|(?P<alt_ip4>{ANNA}))$", r"^ t (?P<fid>\w) (?P<tuple_id>\w)$"))
    assert [ANNA, "('a', 'b')"] == log.says(ANNA, "t a b")


def test_derived_groups_of_the_prefix_count_too() -> None:
    log = Log(jail(rf"{IP4} fails$", prefix=r"^ (?P<alt_user>\w+)"))
    assert [ANNA] == log.says(f"anna {ANNA} fails")
    assert "anna" == log.found.hits[0].fields["user"]


def test_a_length_makes_a_network() -> None:
    assert ["192.0.2.0/24"] == Log(jail(rf"^ {IP4}/(?P<cidr>\d+)$")).says(f"{ANNA}/24")


def test_nobody_is_no_hit() -> None:
    assert [] == Log(jail(rf"^ a(?: {IP4})?$")).says("a")


# ------------------------------------------------------------------------------------------------- dates

ADDRESS = jail(IP4)


def when(log: Log, *lines: str) -> list[float]:
    """Return the times of the failures in these lines, in seconds after noon."""
    return [hit.at - NOON for hit in log.raw(*lines)]


def test_while_reading_live_odd_dates_count_as_now_and_warn_once_a_day_pitfall_27() -> None:
    log = Log(ADDRESS)
    assert [-60, 60] == when(log, f"{stamp(-60)} {ANNA}", f"{stamp(60.9)} {ANNA}")
    assert [] == log.warnings
    assert [0, 0] == when(log, f"{stamp(-7200)} {ANNA}", f"{stamp(61)} {ANNA}")
    (warning,) = log.warnings
    assert warning.startswith("a line is 120 min old, it counts as now: '2026-01-01 10:00:00 192.0.2.1")
    log.now = Instant(NOON + 86399)
    log.raw(f"{STAMP} {ANNA}")
    assert [] == log.warnings
    log.now = Instant(NOON + 86400)
    log.raw(f"2026-01-03 12:00:00 {ANNA}")
    (warning,) = log.warnings
    assert "1440 min ahead of the clock" in warning


def test_a_warning_is_cut_and_quoted() -> None:
    log = Log(ADDRESS)
    log.raw(f"{stamp(-7200)} \x1b[31m {'x' * 5000}")
    (warning,) = log.warnings
    assert len(warning) < 300
    assert "\x1b" not in warning


def test_a_backlog_is_dated_by_itself_and_old_lines_do_not_count() -> None:
    log = Log(ADDRESS, mode=Mode.BACKLOG)
    assert [-600, 100] == when(log, f"{stamp(-601)} {ANNA}", f"{stamp(-600)} {ANNA}", f"{stamp(100)} {ANNA}")
    assert [] == log.warnings


@pytest.mark.parametrize(("mode", "found"), [(Mode.LIVE, [0]), (Mode.BACKLOG, [])])
def test_a_date_of_1970_counts_as_now_or_not_at_all(mode: Mode, found: list[int]) -> None:
    log = Log(jail(rf" {IP4}$", dates=("%Y-%m-%d %H:%M:%S",)), mode=mode)
    assert found == when(log, f"1970-01-01 00:00:00 {ANNA}")


def test_each_block_says_whether_it_is_live() -> None:
    log = Log(ADDRESS, mode=None)
    line = f"{stamp(-300)} {ANNA}\n".encode()
    assert [-300] == [hit.at - NOON for hit in log.reads(line, live=False)]
    assert [0] == [hit.at - NOON for hit in log.reads(line, live=True)]


@pytest.mark.parametrize("mode", [Mode.REPLAY, Mode.TRIAL])
def test_a_replay_knows_the_logs_time_only(mode: Mode) -> None:
    log = Log(ADDRESS, mode=mode)
    assert [-40000, 40000, 40000] == when(log, f"{stamp(-40000)} {ANNA}", f"{stamp(40000)} {ANNA}", ANNA)
    assert [] == log.warnings


def test_a_line_without_a_date_is_as_old_as_the_last_one_for_a_minute() -> None:
    log = Log(ADDRESS)
    assert [-5, -5] == when(log, f"{stamp(-5)} {ANNA}", ANNA)
    assert (ANNA,) == log.found.hits[1].lines
    log.now = Instant(NOON + 54.5)
    assert [-5] == when(log, ANNA)
    log.now = Instant(NOON + 55)
    assert [55] == when(log, ANNA)


@pytest.mark.parametrize(
    ("mode", "found"), [(Mode.LIVE, [0]), (Mode.TRIAL, [0]), (Mode.BACKLOG, []), (Mode.REPLAY, [])]
)
def test_without_any_date_a_line_counts_as_now_or_not_at_all(mode: Mode, found: list[float]) -> None:
    assert found == when(Log(ADDRESS, mode=mode), ANNA)


@pytest.mark.parametrize("mode", Mode)
def test_where_lines_need_no_date_they_count_as_now(mode: Mode) -> None:
    assert [0] == when(Log(jail(IP4, dates=("{NONE}",)), mode=mode), ANNA)


def test_a_date_that_is_none_is_cut_out_unless_the_last_one_serves() -> None:
    wrong = f"2026-02-30 12:00:00 {ANNA}"
    anchored = jail(rf"^ {IP4}$")
    log = Log(anchored)
    assert [0] == when(log, wrong)
    assert (wrong,) == log.found.hits[0].lines
    assert [-5] == when(log, f"{stamp(-5)} {ANNA}", wrong)


def test_a_clamped_date_is_the_last_date() -> None:
    log = Log(ADDRESS)
    assert [0, 0] == when(log, f"{stamp(-7200)} {ANNA}", ANNA)


def test_an_old_line_of_a_backlog_dates_those_after_it() -> None:
    log = Log(ADDRESS, mode=Mode.BACKLOG)
    assert [] == when(log, f"{stamp(-7200)} {ANNA}", ANNA)
    assert [-30, -30] == when(log, f"{stamp(-30)} {ANNA}", ANNA)


def test_probing_a_date_teaches_the_scanner_nothing() -> None:
    log = Log(ADDRESS)
    assert Instant(NOON) == log.scanner.date_of(f"{STAMP} x".encode(), "j", log.now)
    assert log.scanner.date_of(b"\xffno date", "j", log.now) is None
    log.now = Instant(NOON + 30)
    assert [30] == when(log, ANNA)


# ------------------------------------------------------------------------------------------- any blocks


@pytest.mark.parametrize("seed", range(10))
def test_how_lines_are_cut_into_blocks_does_not_matter(seed: int) -> None:
    draw = random.Random(seed)
    parts: list[Callable[[], str]] = [
        lambda: f"[a] conn {ANNA}",
        lambda: f"[{draw.choice('abc')}] fail u{draw.randint(1, 2)}",
        lambda: f"A 192.0.2.{draw.randint(1, 9)}",
        lambda: "B",
        lambda: "",
    ]
    lines = [f"{stamp(number)} {draw.choice(parts)()}\n".encode() for number in range(60)]

    def fresh() -> Log:
        return Log(STORY, jail(PAIR, maxlines=4, name="k"), mode=Mode.REPLAY)

    whole, log, found = fresh().reads(b"".join(lines)), fresh(), list[Hit]()
    while lines:
        size = draw.randint(1, 7)
        found += log.reads(b"".join(lines[:size]))
        del lines[:size]
    assert [hit._replace(line=0) for hit in whole] == [hit._replace(line=0) for hit in found]
    assert whole
