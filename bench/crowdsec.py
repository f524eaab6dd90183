"""Debian's CrowdSec, unpacked: a home in which it reads one log and goes, with what its package brings.

It keeps its alerts in a database of its own, behind its own API on the loopback interface of our namespace,
as it does when it is installed; nothing leaves the machine.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from bench.errors import TrialError

COLLECTIONS: Final = {
    "sshd": (
        "syslog",
        (
            "parsers/s00-raw/crowdsecurity/syslog-logs",
            "parsers/s01-parse/crowdsecurity/sshd-logs",
            "parsers/s02-enrich/crowdsecurity/dateparse-enrich",
            "scenarios/crowdsecurity/ssh-bf",
            "scenarios/crowdsecurity/ssh-slow-bf",
        ),
    ),
    "access": (
        "nginx",
        (
            "parsers/s00-raw/crowdsecurity/syslog-logs",
            "parsers/s01-parse/crowdsecurity/nginx-logs",
            "parsers/s02-enrich/crowdsecurity/dateparse-enrich",
            "parsers/s02-enrich/crowdsecurity/http-logs",
            "scenarios/crowdsecurity/http-probing",
            "scenarios/crowdsecurity/http-bad-user-agent",
            "scenarios/crowdsecurity/http-path-traversal-probing",
            "scenarios/crowdsecurity/http-sensitive-files",
            "scenarios/crowdsecurity/http-backdoors-attempts",
            "scenarios/ltsich/http-w00tw00t",
        ),
    ),
    "mail": (
        "syslog",
        (
            "parsers/s00-raw/crowdsecurity/syslog-logs",
            "parsers/s01-parse/crowdsecurity/postfix-logs",
            "parsers/s01-parse/crowdsecurity/dovecot-logs",
            "parsers/s01-parse/crowdsecurity/exim-logs",
            "parsers/s02-enrich/crowdsecurity/dateparse-enrich",
            "scenarios/crowdsecurity/postfix-spam",
            "scenarios/crowdsecurity/dovecot-spam",
            "scenarios/crowdsecurity/exim-bf",
            "scenarios/crowdsecurity/exim-spam",
        ),
    ),
}
"""For each kind of log its type in CrowdSec's words, and the parts of the hub that are enabled."""

_FOLDERS: Final = (
    "parsers/s00-raw",
    "parsers/s01-parse",
    "parsers/s02-enrich",
    "scenarios",
    "postoverflows/s00-enrich",
    "postoverflows/s01-whitelist",
)
_CONFIG: Final = """\
common: {{daemonize: false, log_media: stdout, log_level: error, working_dir: .}}
config_paths:
  config_dir: {root}/etc/
  data_dir: {root}/data/
  simulation_path: {root}/etc/simulation.yaml
  hub_dir: {root}/hub/
  index_path: {root}/hub/.index.json
crowdsec_service: {{acquisition_path: {root}/etc/acquis.yaml, parser_routines: 1}}
db_config: {{type: sqlite, use_wal: true, db_path: {root}/data/crowdsec.db}}
prometheus: {{enabled: false}}
cscli: {{output: raw}}
api:
  client: {{credentials_path: {root}/etc/credentials.yaml}}
  server: {{log_level: error, listen_uri: "127.0.0.1:8080", profiles_path: {root}/etc/profiles.yaml}}
"""


def furnish(root: Path, package: Path, kind: str) -> tuple[str, ...]:
    """Make a home for logs of a kind; returns the command, in which `{log}` is the path of the log."""
    hub, etc = package / "usr/share/crowdsec/hub", root / "etc"
    label, parts = COLLECTIONS[kind]
    for folder in _FOLDERS:
        (etc / folder).mkdir(parents=True)
    for part in parts:
        folder, _, name = part.rpartition("/")
        (etc / folder).parent.joinpath(f"{name}.yaml").symlink_to(hub / f"{part}.yaml")
    delivered = package / "etc/crowdsec"
    shutil.copytree(delivered / "patterns", etc / "patterns")
    for name in ("simulation.yaml", "profiles.yaml", "acquis.yaml"):
        shutil.copy(delivered / name, etc)
    shutil.copytree(package / "usr/share/crowdsec/data", root / "data")
    (root / "hub").mkdir()
    shutil.copy(hub / ".index.json", root / "hub")
    (etc / "credentials.yaml").touch()
    config = root / "config.yaml"
    config.write_text(_CONFIG.format(root=root))
    _introduce(package, config, etc / "credentials.yaml")
    return (
        *(str(package / "usr/bin/crowdsec"), "-c", str(config)),
        *("-dsn", "file://{log}", "-type", label),
    )


def _introduce(package: Path, config: Path, credentials: Path) -> None:
    """Let the agent be known to the API."""
    words = (str(package / "usr/bin/cscli"), "-c", str(config), "machines", "add", "bench", "--auto")
    done = subprocess.run((*words, "-f", str(credentials)), capture_output=True, text=True, check=False)
    if done.returncode:
        raise TrialError(f"crowdsec cannot be set up: {done.stderr.strip().splitlines()[-1:]}")
