"""The server that is attacked: OpenSSH's sshd and rsyslog as they come, with small configurations."""

from __future__ import annotations

import asyncio
import platform
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from demo.programs import Program, comes_true, output
from demo.stage import WINGS, cover

AUTH_LOG: Final = Path("/var/log/auth.log")
_SSHD: Final = "/usr/sbin/sshd"  # it insists on being started by an absolute path

_RSYSLOG: Final = f"""
module(load="imuxsock")
global(workDirectory="{WINGS}/spool")
auth,authpriv.* action(type="omfile" file="{AUTH_LOG}" template="RSYSLOG_FileFormat")
"""

# PAM as far as passwords go: without what greets, limits and records sessions on this machine.
_PAM: Final = "auth required pam_unix.so\naccount required pam_unix.so\nsession required pam_unix.so\n"

_SSHD_CONFIG: Final = f"""
HostKey {WINGS}/host_key
AuthorizedKeysFile {WINGS}/anna_key.pub
UsePAM yes
KbdInteractiveAuthentication no
PidFile none
MaxStartups 100
"""  # connections that were cut count as started for two minutes more

# sshd 9.8 and later turn guessers away for a while themselves; here that is left to Banish.
_NO_PENALTIES: Final = "PerSourcePenalties no\n"


async def start() -> tuple[Program, Program]:
    """Make keys, start rsyslog and sshd, and wait until the log says that sshd listens."""
    for name in ("host_key", "anna_key"):
        await output("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(WINGS / name))
    # Where AppArmor confines rsyslogd, it may read its configuration at the usual place only.
    cover(Path("/etc/rsyslog.conf"), _RSYSLOG)
    cover(Path("/etc/pam.d/sshd"), _PAM)
    rsyslog = await Program.start("rsyslogd", "rsyslogd", "-n", "-i", "/run/rsyslogd.pid", folder=WINGS)
    await comes_true(_is_logging, "the socket of rsyslog")
    config = WINGS / "sshd_config"
    config.write_text(_SSHD_CONFIG + _NO_PENALTIES)
    if "PerSourcePenalties" in await output(_SSHD, "-t", "-f", str(config), fine=(0, 255)):
        config.write_text(_SSHD_CONFIG)  # too old to know them
    sshd = await Program.start("sshd", _SSHD, "-D", "-f", str(config), folder=WINGS)
    await comes_true(_is_listening, "sshd's word that it listens")
    return rsyslog, sshd


async def _is_logging() -> bool:
    return await asyncio.to_thread(Path("/dev/log").exists)


async def _is_listening() -> bool:
    return "Server listening on ::" in auth_log()


async def versions() -> dict[str, str]:
    """Say what is at work here, by its name and version."""
    printed = {
        "sshd": re.search(r"OpenSSH_([^\s,]+)", await output("ssh", "-V")),
        "rsyslog": re.search(r"rsyslogd\s+(\S+)", await output("rsyslogd", "-v")),
        "hydra": re.search(r"Hydra v(\S+)", await output("hydra", "-h", fine=(0, 255))),
        "Linux": re.search(r"[\d.]+", platform.release()),
    }
    return {name: f"{name} {found[found.re.groups]}" if found else name for name, found in printed.items()}


def auth_log() -> str:
    """Return what stands in the log."""
    return AUTH_LOG.read_text("utf-8", "replace") if AUTH_LOG.exists() else ""


def failed_logins(address: str) -> list[float]:
    """Return when passwords from an address were refused, as sshd told the log, in seconds since 1970."""
    pattern = rf"^(\S+) \S+ sshd\S*: Failed password for .* from {re.escape(address)} port \d+ ssh2$"
    return [
        datetime.fromisoformat(stamp).timestamp() for stamp in re.findall(pattern, auth_log(), re.MULTILINE)
    ]
