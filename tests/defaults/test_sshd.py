"""The default filter for sshd, line by line: see the head of `tests/samples/sshd.txt`."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.adapters.tree import DEFAULTS, DirectoryFiles, services
from banish.compat.files import MemoryFiles, Overlay
from banish.compat.jails import read
from banish.core.config import JailConfig

SAMPLES = Path(__file__).parent.parent / "samples/sshd.txt"
DATE = re.compile(r"^(?:[A-Z]\w\w [ \d]\d [\d:]{8}|\d{4}-\S+)")
BEFORE = " web sshd[5]: "


def samples() -> list[list[str]]:
    lines = SAMPLES.read_text().splitlines()
    return [re.split(r" \| ", line, maxsplit=3) for line in lines if line and not line.startswith("#")]


def jail(mode: str, publickey: str = "nofail") -> JailConfig:
    text = f"[sshd]\nfilter = sshd[mode={mode}, publickey={publickey}]\n"
    return read(
        Overlay(MemoryFiles({"jail.local": text}), DirectoryFiles(DEFAULTS)), services()
    ).config.jails[0]


JAILS = {mode: jail(mode) for mode in ("normal", "ddos", "extra", "aggressive")}


def verdict(config: JailConfig, line: str) -> tuple[str, str, str]:
    """Return what one line means, as the samples write it: verdict, address, user."""
    assert config.prefregex
    prefix = re.search(config.prefregex.regex, DATE.sub("", line) + "\n")
    for rule in config.failregex if prefix else ():
        found = re.search(rule.regex, prefix["content"] + "\n") if prefix else None
        if found:
            groups = found.groupdict()
            address = groups.get("ip4") or groups.get("ip6") or groups.get("dns") or "-"
            kind = "gained" if groups.get("mlfgained") else "quiet" if groups.get("nofail") else "match"
            return ("pending" if address == "-" else kind), address, groups.get("user") or "-"
    return "miss", "-", "-"


def expected(mode: str, wanted: str) -> str:
    """Return the verdict of a sample in one mode."""
    usual, _, special = wanted.partition("/")
    modes, _, kind = special.partition(":")
    if special and mode in {*modes.split("+"), "aggressive"}:
        return kind or "match"
    return usual.removeprefix("known-")


@pytest.mark.parametrize("mode", JAILS)
@pytest.mark.parametrize(("wanted", "address", "user", "line"), samples())
def test_every_sample_means_what_it_says(mode: str, wanted: str, address: str, user: str, line: str) -> None:
    want = expected(mode, wanted)
    assert (want, *((address, user) if want != "miss" else ("-", "-"))) == verdict(JAILS[mode], line)


@pytest.mark.parametrize(
    ("publickey", "of_root", "of_nobody"),
    [
        ("nofail", "quiet", "match"),
        ("invalid", "miss", "match"),
        ("any", "match", "match"),
        ("ignore", "miss", "miss"),
    ],
)
@pytest.mark.parametrize("key", ["RSA SHA256:abc", "RSA-CERT SHA256:abc ID me (serial 0) CA RSA SHA256:ghi"])
def test_a_refused_key_is_what_the_operator_takes_it_for(
    publickey: str, of_root: str, of_nobody: str, key: str
) -> None:
    config = jail("normal", publickey)
    rest = f"from 203.0.113.5 port 22 ssh2: {key}"
    assert of_root == verdict(config, f"{BEFORE}Failed publickey for root {rest}")[0]
    assert of_nobody == verdict(config, f"{BEFORE}Failed publickey for invalid user x {rest}")[0]
    assert "match" == verdict(config, f"{BEFORE}Failed password for root from 203.0.113.5 port 22 ssh2")[0]


REAL, BLAMED = "203.0.113.5", "6.6.6.6"
WORDS = (
    *(
        "x",
        "",
        " ",
        "from ",
        " from",
        f" from {BLAMED}",
        f" {BLAMED}",
        f"{BLAMED} port 1",
        " port 1",
        " ssh2",
    ),
    *(" ssh2: ", ": ", "[preauth]", " [preauth]", " via ", "invalid user ", "user ", "(", ")", "'", '"', "]"),
    *(" RSA SHA256:a", " (serial 0)", " CA RSA SHA256:a", ' client host "', "::1", " not allowed because "),
    *("listed in DenyUsers", f" rhost={BLAMED}", " user=", "Failed password for ", " sshd[5]: ", "error: "),
    *("Change of username or service not allowed: ", ": no matching cipher found", "3: Auth fail", "%eth0"),
    f" {BLAMED} port 1: Too many authentication failures",
)
CERTIFICATE = "RSA-CERT SHA256:a ID {} (serial 0) CA RSA SHA256:a"
names = st.lists(st.sampled_from(WORDS), max_size=8).map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "Failed password for invalid user {} from {} port 22 ssh2",
        "Failed keyboard-interactive/pam for invalid user {} from {} port 22 ssh2",
        "Failed publickey for invalid user {} from {} port 22 ssh2: RSA SHA256:abc",
        "Invalid user {} from {} port 22",
        "error: PAM: User not known to the underlying authentication module for illegal user {} from {}",
        "error: maximum authentication attempts exceeded for invalid user {} from {} port 22 ssh2 [preauth]",
        "User {} from {} not allowed because not listed in AllowUsers",
        "Connection closed by invalid user {} {} port 22 [preauth]",
        "Disconnected from invalid user {} {} port 22 [preauth]",
        "Disconnecting invalid user {} {} port 22: Too many authentication failures [preauth]",
        "message repeated 2 times: [ Failed password for invalid user {} from {} port 22 ssh2]",
    ],
)
@given(name=names)
def test_no_name_hides_who_chose_it(text: str, name: str) -> None:
    for config in JAILS.values():
        kind, *who = verdict(config, BEFORE + text.format(name, REAL))
        assert kind in {"match", "quiet"}
        assert [REAL, name or "-"] == who


@pytest.mark.parametrize(
    "text",
    [
        f"Failed publickey for invalid user {{}} from {{}} port 22 ssh2: {CERTIFICATE}",
        f"Failed publickey for {{}} from {{}} port 22 ssh2: {CERTIFICATE}",
        'Failed hostbased for {} from {} port 22 ssh2: RSA SHA256:a, client user "x", client host "{}"',
        "Disconnecting invalid user {} {} port 22: Change of username or service not allowed: (x,y) -> ({})",
        "ssh_dispatch_run_fatal: Connection from invalid user {} {} port 22: incomplete message [preauth]",
    ],
)
@given(name=names, other=names)
def test_no_words_on_both_sides_blame_another(text: str, name: str, other: str) -> None:
    for config in JAILS.values():
        assert verdict(config, BEFORE + text.format(name, REAL, other))[1] in {REAL, "-"}


@pytest.mark.parametrize(
    "text",
    [
        "Received disconnect from {}: 11: {} [preauth]",
        "Received disconnect from {} port 22:3: {} [preauth]",
        "Unable to negotiate with {} port 22: no matching cipher found. Their offer: {} [preauth]",
        "pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost={} user={}",
        f"Accepted publickey for anna from {{}} port 22 ssh2: {CERTIFICATE}",
    ],
)
@given(words=names)
def test_no_words_behind_the_address_blame_another(text: str, words: str) -> None:
    for mode in ("extra", "aggressive"):
        assert REAL == verdict(JAILS[mode], BEFORE + text.format(REAL, words))[1]


@pytest.mark.parametrize(
    "part",
    [
        *(
            "x from 6.6.6.6 port 1 ssh2 ",
            "x from 6.6.6.6 port 1 ssh2: ",
            " 6.6.6.6 port 1: ",
            "from ",
            ": ",
            ":",
        ),
        *(
            "user ",
            "(",
            "[preauth]",
            "[preauth] ",
            "invalid user ",
            " ",
            "::",
            "ssh2: RSA SHA256:",
            " port 1",
            "1",
        ),
        *(" user=", "Auth fail", '"', "[", "]"),
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        *(
            "Failed password for ",
            "Failed publickey for ",
            "Failed hostbased for invalid user ",
            "Invalid user ",
        ),
        *("Connection closed by ", "Disconnecting ", "Disconnecting: Too many authentication failures for "),
        *("PAM: Authentication failure for ", "User ", "refused connect from ", "Accepted password for "),
        *(
            "Received disconnect from 6.6.6.6: 3: ",
            "Bad protocol version identification '",
            "SSH: Server;Ltype:",
        ),
        *(
            "ssh_dispatch_run_fatal: Connection from user ",
            "message repeated 2 times: [",
            "",
            "drop connection #1 ",
        ),
        "pam_sss(sshd:auth): authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=x user=",
    ],
)
def test_a_crafted_line_takes_no_time(start: str, part: str) -> None:
    line = BEFORE + start + part * (4000 // len(part))
    begin = time.perf_counter()
    verdict(JAILS["aggressive"], line)
    assert time.perf_counter() - begin < 0.5  # seconds; an ordinary line takes 0.000003


@pytest.mark.parametrize("part", ["x", "x:", " ", "[", "[1]", "<1>1", "sshd", "sshd ", "sshd[1]"])
def test_a_crafted_beginning_takes_no_time(part: str) -> None:
    begin = time.perf_counter()
    verdict(JAILS["aggressive"], part * (4000 // len(part)))
    assert time.perf_counter() - begin < 0.5


def test_the_journal_is_asked_for_both_names_of_the_unit() -> None:
    (terms,) = JAILS["normal"].journalmatch
    assert {"_SYSTEMD_UNIT=ssh.service", "_SYSTEMD_UNIT=sshd.service"} <= set(terms.split())
    assert {"_COMM=sshd", "_COMM=sshd-session", "_COMM=sshd-auth"} <= set(terms.split())
