from collections.abc import Mapping

import pytest

from banish.compat.files import MemoryFiles
from banish.compat.hittags import Template
from banish.compat.jails import Reading, read
from banish.compat.sight import Sight
from banish.core.config import Growth, IgnoreCache, JailConfig, LogPath, Rule, Scope, Severity, UseDns
from banish.core.errors import RuleError
from banish.core.model import FOREVER, Seconds

MAIN = "[Definition]\n"
FILTER = "[Definition]\nfailregex = ^bad <ADDR>$\n"
JAIL = "[j]\nenabled = yes\nfilter = f\naction = native[port=22]\n"
SERVICES = {"ssh": 22}


def tree(jail: str = JAIL, filter_: str = FILTER, **more: str) -> Reading:
    files = {"fail2ban.conf": MAIN, "jail.conf": jail, "filter.d/f.conf": filter_}
    return read(
        MemoryFiles(files | {path.replace("__", "/").replace("_", "."): text for path, text in more.items()}),
        SERVICES,
    )


def files(texts: Mapping[str, str]) -> Reading:
    return read(MemoryFiles({"fail2ban.conf": MAIN, "filter.d/f.conf": FILTER, **texts}), SERVICES, "/etc/x")


def only(reading: Reading) -> JailConfig:
    assert () == reading.problems
    (jail,) = reading.config.jails
    return jail


def names(reading: Reading) -> list[str]:
    return [jail.name for jail in reading.config.jails]


def told(reading: Reading) -> list[tuple[str, str, int, str]]:
    """Return what an operator needs of each problem: the jail it costs, file and line, and the option."""
    return [(problem.jail, problem.file, problem.line, problem.key) for problem in reading.problems]


def texts(rules: tuple[Rule, ...]) -> list[str]:
    return [rule.text for rule in rules]


# ------------------------------------------------------------------------------------------- what is read


def test_all_settings_of_a_jail_are_read() -> None:
    jail = """
[full]
enabled = true
filter = f[mode=hard]
backend = systemd[journalflags=1]
logpath = /var/log/a.log
  /var/log/b*.log tail
journalmatch = _COMM=a
logencoding = utf-8
logtimezone = UTC
datepattern = ^%%Y
  %%d
usedns = no
maxlines = 2
prefregex = ^p<F-CONTENT>.*</F-CONTENT>
failregex = ^a <ADDR>
ignoreregex = ^i
maxretry = 7
maxmatches = 3
findtime = 1h
bantime = -1
bantime.increment = on
bantime.factor = 2 * 3
bantime.formula = ban.Time * 2
bantime.multipliers = 1 2 4
bantime.maxtime = 1d
bantime.rndtime = 60
bantime.overalljails = yes
ignoreself = no
ignoreip = ::1, 10.0.0.0/8
ignorecommand = /bin/x <ip>
ignorecache = key="<ip>"
guard = no
action = native[port=ssh]
"""
    config = only(tree(jail, "[Definition]\n"))
    assert config.growth
    assert config.growth.formula
    assert config.growth.formula(600.0, 1, 1.0) == pytest.approx(1200)
    assert ([("^a <ADDR>", 16)], [("^i", 17)]) == (
        [(rule.text, rule.line) for rule in config.failregex],
        [(rule.text, rule.line) for rule in config.ignoreregex],
    )
    expected = JailConfig(
        name="full",
        filter="f",
        backend="systemd[journalflags=1]",
        logpaths=(LogPath("/var/log/a.log"), LogPath("/var/log/b*.log", from_end=True)),
        journalmatch=("_COMM=a",),
        logencoding="utf-8",
        logtimezone="UTC",
        datepatterns=("^%Y", "%d"),
        usedns=UseDns.NO,
        maxlines=2,
        prefregex=config.prefregex,
        failregex=config.failregex,
        ignoreregex=config.ignoreregex,
        maxretry=7,
        maxmatches=3,
        findtime=Seconds(3600),
        bantime=FOREVER,
        growth=Growth(
            6.0, config.growth.formula, (1, 2, 4), Seconds(86400), Seconds(60), over_all_jails=True
        ),
        ignoreself=False,
        ignoreip=("::1", "10.0.0.0/8"),
        ignorecommand="/bin/x <ip>",
        ignorecache=IgnoreCache(Template("<ip>")),
        guard=False,
        actions=config.actions,
        scopes=(Scope("tcp", ((22, 22),)),),
    )
    assert expected == config


def test_what_is_not_said_has_its_default() -> None:
    jail = only(tree())
    assert (
        JailConfig("j", filter="f", failregex=jail.failregex, actions=jail.actions, scopes=jail.scopes)
        == jail
    )


def test_a_rule_knows_its_text_its_expression_and_its_line() -> None:
    reading = tree(
        JAIL + "failregex = %(known/failregex)s\n  ^own <ADDR>$\n",
        "[Definition]\nx = 1\nfailregex =\n  ^a <ADDR>$\n\n  <more>\nmore = ^m <ADDR>$\n",
    )
    rules = only(reading).failregex
    assert [
        ("^a <ADDR>$", "filter.d/f.conf", 4),
        ("^m <ADDR>$", "filter.d/f.conf", 7),
        ("^own <ADDR>$", "jail.conf", 6),
    ] == [(rule.text, rule.file, rule.line) for rule in rules]
    assert all("(?P<ip4>" in rule.regex for rule in rules)


def test_the_expression_depends_on_usedns_which_the_filter_can_only_say_if_the_jail_does_not() -> None:
    text = "[Definition]\nusedns = no\nfailregex = <HOST>\n"
    shadowed = only(tree(JAIL + "usedns = warn\n", text))
    filters = only(tree(JAIL, text))
    argument = only(tree(JAIL.replace("filter = f", "filter = f[usedns=raw]") + "usedns = warn\n", text))
    assert [UseDns.WARN, UseDns.NO, UseDns.RAW] == [shadowed.usedns, filters.usedns, argument.usedns]
    assert ["dns" in jail.failregex[0].regex for jail in (shadowed, filters)] == [True, False]


def test_a_jail_passes_its_mode_to_its_filter() -> None:
    jail = (
        "[DEFAULT]\nmode = normal\nfilter = %(__name__)s[mode=%(mode)s]\n"
        "action = native\n[f]\nenabled = 1\nmode = hard\n"
    )
    assert ["hard"] == texts(only(tree(jail, "[Definition]\nfailregex = <mode>\n")).failregex)


def test_a_jail_may_do_without_a_filter() -> None:
    reading = tree("[j]\nenabled=1\nfailregex = ^x <ADDR>\naction=native\n")
    assert (["j"], ["no filter; only the jail's own expressions count"]) == (
        names(reading),
        [p.text for p in reading.problems],
    )


def test_a_path_to_a_filter_may_be_written_out() -> None:
    reading = files({"jail.conf": "[j]\nenabled=1\nfilter=/opt/f\naction=native\n", "/opt/f.conf": FILTER})
    assert "/opt/f" == only(reading).filter


# ------------------------------------------------------------------ where filter and jail say the same thing


def test_lists_are_put_together_and_of_single_values_one_wins() -> None:
    jail = (
        "[j]\nenabled=1\n"
        "filter=f[usedns=raw, prefregex=P1<F-ID/>, "
        "maxlines=3, ignoreregex=I1, journalmatch=A=1, datepattern=D1]\n"
        "usedns=warn\nprefregex=P2<F-ID/>\nmaxlines=4\nignoreregex=I2\n  J2\n"
        "journalmatch=B=2\ndatepattern=D2\naction=native\n"
    )
    config = only(tree(jail))
    assert ("P1<F-ID/>", 3, UseDns.RAW) == (
        config.prefregex.text if config.prefregex else "",
        config.maxlines,
        config.usedns,
    )
    assert (["I1", "I2", "J2"], ("A=1", "B=2"), ("D2",)) == (
        texts(config.ignoreregex),
        config.journalmatch,
        config.datepatterns,
    )


def test_expressions_of_a_jail_replace_those_of_the_filter_and_keep_their_tags() -> None:
    reading = tree(JAIL + "failregex = <mode>\n", "[Definition]\nmode=x\nfailregex=F\n")
    assert ["<mode>"] == texts(reading.config.jails[0].failregex)
    [problem] = reading.problems
    assert (Severity.WARNING, "failregex") == (problem.severity, problem.key)


def test_what_a_filter_sends_is_sent_without_blank_lines() -> None:
    assert ["a", "b"] == texts(
        only(tree(JAIL, "[Definition]\nfailregex = a\n  <x> <x>\n\n  b\nx =\n")).failregex
    )


# ------------------------------------------------------------------------------------------------ pitfalls


def test_pitfall_2_three_layers_of_known_are_an_error() -> None:
    layers = dict.fromkeys(
        ["filter.d/f.local", "filter.d/f.d/a.conf"], "[Definition]\nfailregex = %(known/failregex)s x\n"
    )
    reading = files({"jail.conf": JAIL, **layers})
    assert [("j", "filter.d/f.d/a.conf", 2, "failregex")] == told(reading)


def test_pitfall_3_known_comes_from_a_reading_without_init() -> None:
    filter_ = "[Definition]\nfailregex = %(x)s <x>\nx = D\n[Init]\nx = I\n"
    assert ["D I"] == texts(only(tree(JAIL + "failregex = %(known/failregex)s\n", filter_)).failregex)


def test_pitfall_4_a_percent_sign_in_what_is_known_is_an_error() -> None:
    reading = tree(JAIL + "datepattern = %(known/datepattern)s\n", FILTER + "datepattern = %%Y\n")
    assert [("j", "filter.d/f.conf", 3, "datepattern")] == told(reading)


def test_pitfall_7_the_logtype_follows_the_configured_backend() -> None:
    filter_ = "[Definition]\nfailregex = <logtype>\n"
    assert ["file"] == texts(only(tree(JAIL + "journalmatch = a\n", filter_)).failregex)
    assert ["journal"] == texts(only(tree(JAIL + "backend = systemd\n", filter_)).failregex)


def test_pitfall_12_a_blank_before_the_bracket_is_part_of_the_name() -> None:
    reading = tree(JAIL.replace("filter = f", "filter = f [a=1]"))
    assert ([], ["there is no filter.d/f .conf; correct the name"]) == (
        names(reading),
        [p.text for p in reading.problems],
    )


def test_pitfall_15_a_wrong_integer_is_an_error_of_its_jail() -> None:
    reading = tree(JAIL + "maxretry = seven\n", FILTER + "maxlines = 0\n")
    assert ([], [("j", "filter.d/f.conf", 3, "maxlines"), ("j", "jail.conf", 5, "maxretry")]) == (
        names(reading),
        told(reading),
    )


# ------------------------------------------------------------------------------------------------ problems


def test_every_problem_of_a_jail_is_told_at_once() -> None:
    reading = tree(
        JAIL + "maxretry = x\nfindtime = y\nbantime = z\nlogpath = a b\nignoreip = %(no)s\nignorecache = a\n"
    )
    assert ["bantime", "findtime", "ignorecache", "ignoreip", "logpath", "maxretry"] == sorted(
        p.key for p in reading.problems
    )


def test_a_problem_names_place_value_and_cure() -> None:
    (problem,) = tree(JAIL + "bantime = 10 mins\n").problems
    assert 'jail.conf:5 [j] bantime = "10 mins": not a duration; write 600, 10m or 1h 30m' == str(problem)


def test_a_rule_that_cannot_be_expanded_is_told_where_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(text: str, usedns: UseDns) -> str:
        if "bad" in text:
            raise RuleError(f"odd with {usedns.value}")
        return text

    monkeypatch.setattr("banish.compat.jail.expand", refuse)
    (problem,) = tree(JAIL + "failregex = ^a\n  ^bad\n").problems
    assert ("j", "jail.conf", 6, "odd with warn") == (problem.jail, problem.file, problem.line, problem.text)


def test_a_missing_filter_is_told_once_whatever_refers_to_it() -> None:
    reading = tree(JAIL.replace("filter = f", "filter = g") + "failregex = %(known/failregex)s\n  x\n")
    assert [("j", "jail.conf", 3, "filter")] == told(reading)


def test_a_reference_to_a_filter_that_is_not_there_is_an_error() -> None:
    reading = tree("[j]\nenabled=1\nfailregex=%(known/failregex)s\naction=native\n")
    assert [] == names(reading)


def test_a_jail_whose_enabled_cannot_be_read_is_told() -> None:
    reading = tree("[j]\nenabled = %(x)s\n[k]\nenabled yes\n")
    assert ([], [("j", "jail.conf", 2, "enabled"), ("k", "jail.conf", 4, "")]) == (
        names(reading),
        told(reading),
    )


@pytest.mark.parametrize("option", ["enabled = ture", "bantime = 0", "usedns = maybe", "ignoreself = of"])
def test_what_may_not_mean_what_it_seems_is_a_warning(option: str) -> None:
    reading = tree(
        JAIL.replace("enabled = yes", "enabled = yes" if "enabled" not in option else option)
        + ("" if "enabled" in option else option)
    )
    assert [("j", Severity.WARNING)] == [(problem.jail, problem.severity) for problem in reading.problems]


def test_a_jail_without_expressions_is_a_warning() -> None:
    reading = tree(JAIL, "[Definition]\n")
    assert (["j"], ["no expression, so that nobody is ever banned"]) == (
        names(reading),
        [p.text for p in reading.problems],
    )


def test_an_option_that_nothing_reads_is_a_warning_with_a_hint() -> None:
    jail = "[DEFAULT]\nport = 1\naction = native[port=%(port)s]\n" + JAIL.replace(
        "action = native[port=22]\n", ""
    )
    reading = tree(
        jail + "maxrety = 3\nport = 22\nzzzzzz = 1\nmine = 5\nmaxmatches = %(mine)s\n[off]\nfoo = 1\n"
    )
    nothing = "no setting of a jail, and nothing that this jail uses refers to it"
    assert [f"{nothing}; did you mean maxretry?", nothing] == [problem.text for problem in reading.problems]
    assert (["j"], ["maxrety", "zzzzzz"]) == (names(reading), [problem.key for problem in reading.problems])


def test_a_fault_of_the_second_reading_is_an_error_too() -> None:
    filter_ = "[DEFAULT]\nignorecommand = x\n[Definition]\nfailregex = %(ignorecommand)s\n"
    reading = tree(JAIL + "ignorecommand = 50%%\n", filter_)
    assert ([], [("j", "jail.conf", 5, "failregex")]) == (names(reading), told(reading))


def test_a_filter_that_cannot_be_told_is_told_once() -> None:
    reading = tree(JAIL.replace("filter = f", "filter = %(x)s"))
    assert ([], [("j", "jail.conf", 3, "filter")]) == (names(reading), told(reading))


def test_a_filter_without_a_definition_says_nothing() -> None:
    reading = tree(JAIL + "failregex = ^mine <ADDR>$\n", "[DEFAULT]\nfailregex = x\n[Init]\nx = y\n")
    assert ["^mine <ADDR>$"] == texts(reading.config.jails[0].failregex)
    text = "filter.d/f.conf has no [Definition]; only the jail's own expressions count"
    assert [(Severity.WARNING, text, 3)] == [(p.severity, p.text, p.line) for p in reading.problems]


# ----------------------------------------------------------------------------- jails whose logs are not there

SKIPPED = "no log file is there, so that the jail is left out"
TURNED = "no log file is there; the journal is read instead"
LOGLESS = JAIL + "logpath = /a\n  /b*\njournalmatch = _COMM=x\n"


def seen(jail: str, *logs: str, has_journal: bool = True, filter_: str = FILTER) -> Reading:
    """Read on a machine that has these logs only, whatever their patterns."""
    texts = {"fail2ban.conf": MAIN, "jail.conf": jail, "filter.d/f.conf": filter_}
    return read(MemoryFiles(texts), SERVICES, sight=Sight(logs.__contains__, has_journal=has_journal))


@pytest.mark.parametrize(
    ("options", "backend", "text"),
    [
        ("", "systemd", TURNED),
        ("backend = AUTO\n", "AUTO", ""),
        ("backend = auto\n", "systemd", TURNED),
        ("backend = polling\n", "polling", ""),
        ("backend = polling\nskip_if_nologs = on\n", None, SKIPPED),
        ("skip_if_nologs = on\n", "systemd", TURNED),
        ("systemd_if_nologs = no\n", "auto", ""),
        ("systemd_if_nologs = no\nskip_if_nologs = yes\n", None, SKIPPED),
        ("backend = systemd\nskip_if_nologs = yes\n", "systemd", ""),
    ],
)
def test_a_jail_without_logs_does_what_it_is_told_to(options: str, backend: str | None, text: str) -> None:
    reading = seen(LOGLESS + options)
    assert [backend] * bool(backend) == [jail.backend for jail in reading.config.jails]
    told = [("j", Severity.WARNING, "jail.conf", 5, "logpath", text)] * bool(text)
    assert told == [(p.jail, p.severity, p.file, p.line, p.key, p.text) for p in reading.problems]


def test_one_log_is_enough_to_read_logs() -> None:
    assert ("auto", "file") == _logtype(seen(LOGLESS + "skip_if_nologs = yes\n", "/b*", filter_=LOGTYPE))


def test_whoever_turns_to_the_journal_reads_what_its_filter_says_of_journals() -> None:
    """The original keeps what the filter says of files, since it has read the filter before."""
    assert ("systemd", "journal") == _logtype(seen(LOGLESS, filter_=LOGTYPE))


def test_the_filter_may_say_what_to_look_for_in_the_journal() -> None:
    jail = LOGLESS.replace("journalmatch = _COMM=x\n", "")
    assert ["auto"] == [jail.backend for jail in seen(jail).config.jails]
    filter_ = FILTER + "journalmatch = _COMM=y\n"
    assert ["systemd"] == [jail.backend for jail in seen(jail, filter_=filter_).config.jails]


def test_without_a_journal_a_jail_waits_for_its_logs() -> None:
    assert ["auto"] == [jail.backend for jail in seen(LOGLESS, has_journal=False).config.jails]


def test_a_jail_that_names_no_log_misses_none() -> None:
    assert ["j"] == names(seen(JAIL + "skip_if_nologs = yes\n"))


LOGTYPE = "[Definition]\nfailregex = ^<logtype> <ADDR>$\n"


def _logtype(reading: Reading) -> tuple[str, str]:
    (jail,) = reading.config.jails
    return jail.backend, jail.failregex[0].text.split()[0].removeprefix("^")
