from __future__ import annotations

from datetime import UTC

import pytest

from banish.compat.loglines import NOTICE, LogLine
from banish.compat.logtarget import read
from banish.core.errors import ConfigError
from banish.core.model import Instant

LINE = LogLine("actions", NOTICE, "[alpha] Ban 192.0.2.50")
AT = Instant(1_763_673_171.25)
WHEN = "2025-11-20 21:12:51,250"


def shown(target: str) -> str:
    return read(target).layout(LINE, AT, UTC, 42)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/var/log/x.log", ""),
        ("stdout", "STDOUT"),
        ("SysOut", "SYSOUT"),
        ("INHERITED", "INHERITED"),
        (" SYSLOG[facility=auth] ", "SYSLOG"),
        ("SYSTEMD-JOURNAL", "SYSTEMD-JOURNAL"),
        ("/var/log/STDOUT", ""),
    ],
)
def test_a_target_is_a_name_or_a_path(target: str, kind: str) -> None:
    assert kind == read(target).kind


def test_a_target_keeps_its_name_and_drops_its_options() -> None:
    target = read("SysLog[facility=LOCAL3, padding=on]")
    assert ("SysLog", "LOCAL3") == (target.name, target.facility)
    assert "DAEMON" == read("SYSLOG").facility


@pytest.mark.parametrize("target", ["nosuch", "log/x.log", ""])
def test_what_is_neither_is_an_error(target: str) -> None:
    with pytest.raises(ConfigError, match="; write "):
        read(target)


# as seen with fail2ban 1.1.0
@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("/x", f"{WHEN} fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        ("STDERR", f"{WHEN} fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        ("SYSOUT", "fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        ("SYSLOG", "fail2ban.actions[42]: NOTICE [alpha] Ban 192.0.2.50"),
        ("SYSTEMD-JOURNAL", "NOTICE [alpha] Ban 192.0.2.50"),
        ("SYSLOG[padding=on]", "fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        ("SYSLOG[datetime=on]", f"{WHEN} fail2ban.actions[42]: NOTICE [alpha] Ban 192.0.2.50"),
        ("/x[padding=off]", f"{WHEN} fail2ban.actions[42]: NOTICE [alpha] Ban 192.0.2.50"),
        ("/x[padding=banana]", f"{WHEN} fail2ban.actions[42]: NOTICE [alpha] Ban 192.0.2.50"),
        ("/x[datetime=off]", "fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        ("/x[other=1]", f"{WHEN} fail2ban.actions        [42]: NOTICE  [alpha] Ban 192.0.2.50"),
        (
            "/x[datetime=off, format='%(levelname)s|%(name)s|%(asctime)s|%(msecs)d|%(process)d|%(message)s']",
            f"NOTICE|fail2ban.actions|{WHEN}|250|42|[alpha] Ban 192.0.2.50",
        ),
        ('/x[format="%(levelname)-1.1s %(levelno)d"]', "N 25"),
    ],
)
def test_options_say_how_lines_look(target: str, line: str) -> None:
    assert line == shown(target)


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ("%(nope)s", "nope"),
        ("%(message)d", "real number"),
        ("%(message)", "incomplete format"),
        ("%s %s", "not enough arguments"),
        ("%(message)99999s", "lines of 99999 characters; write smaller widths"),
        ("%(message)99999999999999999999s", "width"),
    ],
)
def test_a_format_that_cannot_be_used_is_an_error_at_once(form: str, cause: str) -> None:
    with pytest.raises(ConfigError, match=cause):
        read(f"/x[format='{form}']")
