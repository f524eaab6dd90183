"""Stock actions, run by us and by fail2ban itself: the firewall looks the same after each step.

Needs root, iptables and nft, and fail2ban's package unpacked at the first path in FAIL2BAN.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

PEER = Path(os.environ.get("FAIL2BAN", "").split(":")[0] or "/nonexistent")
SCENE = """
ip link set lo up
dump() {{ echo "== $1"; {{ iptables-save; ip6tables-save; nft list ruleset; }} 2>/dev/null; }}
await() {{ for i in $(seq 200); do sh -c "$1" >/dev/null 2>&1 && return; sleep 0.05; done; }}
{server} {options} -xf start >{directory}/said 2>&1 &
await "{client} {options} ping"
{client} {options} set sshd banip 192.0.2.7 2001:db8::7 198.51.100.9
await "{{ nft list ruleset; iptables-save; }} | grep -q 198.51.100.9"; dump banned
{client} {options} set sshd unbanip 198.51.100.9 2001:db8::7
await "! {{ nft list ruleset; iptables-save; }} | grep -q 198.51.100.9"
await "! {{ nft list ruleset; ip6tables-save; }} | grep -q 2001:db8::7"; dump released
{client} {options} stop; wait; dump stopped
"""


def rules(directory: Path, action: str, server: str, client: str, environment: dict[str, str]) -> str:
    """Return what the firewall is like after bans, releases and the end."""
    shutil.copytree(PEER / "etc/fail2ban", directory)
    for file in (directory / "jail.d").iterdir():
        file.unlink()
    log = directory / "log"
    log.touch()
    (directory / "jail.local").write_text(
        f"[sshd]\nenabled = true\nbackend = polling\nlogpath = {log}\naction = {action}\n"
    )
    (directory / "fail2ban.local").write_text(
        f"[Definition]\nsocket = {directory}/s\npidfile = {directory}/p\n"
        f"dbfile = None\nlogtarget = {log}.f2b\n"
    )
    options = f"-c {directory} -s {directory}/s -p {directory}/p"
    scene = SCENE.format(server=server, client=client, options=options, directory=directory)
    done = subprocess.run(
        ["unshare", "-mn", "sh", "-c", scene],
        capture_output=True, text=True, timeout=120, check=True, env={**os.environ, **environment},
    )  # fmt: skip
    steps = done.stdout[done.stdout.index("== banned") :]
    volatile = r"(?m)^#.*\n|^:[A-Z].*\n|\[\d+:\d+\]|Shutdown successful\n|^\d\n"
    return re.sub(volatile, "", steps)


@pytest.mark.parametrize(
    "action",
    [
        'iptables-multiport[port="ssh,80"]',
        'iptables-multiport[port="ssh", protocol="tcp", chain="<known/chain>"]',
        "iptables-allports[chain=FORWARD]",
        "nftables[type=multiport, port=ssh]",
        "nftables[type=allports, chain_hook=forward]",
    ],
)
def test_the_firewall_looks_as_with_fail2ban(tmp_path: Path, action: str) -> None:
    if os.geteuid() != 0 or not (PEER / "usr/bin/fail2ban-server").is_file():
        pytest.skip("needs root, and fail2ban's package unpacked at the first path in FAIL2BAN")
    python = shutil.which("python3", path="/usr/bin") or "python3"
    theirs = rules(
        tmp_path / "theirs", action,
        f"{python} {PEER}/usr/bin/fail2ban-server", f"{python} {PEER}/usr/bin/fail2ban-client",
        {"PYTHONPATH": str(PEER / "usr/lib/python3/dist-packages")},
    )  # fmt: skip
    ours = rules(
        tmp_path / "ours", action,
        f"{sys.executable} -m banish.faces.fail2ban.server",
        f"{sys.executable} -m banish.faces.fail2ban.client", {},
    )  # fmt: skip
    assert "192.0.2.7" in theirs
    assert theirs == ours
