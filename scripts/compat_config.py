"""Holds our reading of a fail2ban tree against the original's: `compat_config.py --peer DIR [JAIL ...]`.

DIR is an unpacked fail2ban (`DIR/etc/fail2ban`, `DIR/usr/bin/fail2ban-client`). Every jail is enabled on its
own, in a copy of the tree, and then all at once; `fail2ban-client -d` says what the original makes of it.
Prints every difference in meaning; the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from compat_config_cases import CASES

from banish.adapters.tree import DirectoryFiles, services
from banish.compat import values
from banish.compat.actions import actname
from banish.compat.jails import read
from banish.core.config import Action, Growth, JailConfig, LogPath, Rule

Meaning: TypeAlias = "dict[str, object]"

LOG = "access.log"
ADDED = {
    "addfailregex": "failregex",
    "addignoreregex": "ignoreregex",
    "addignoreip": "ignoreip",
    "addjournalmatch": "journalmatch",
    "addlogpath": "logpath",
    "addaction": "actions",
}
SPANS = ("findtime", "bantime", "bantime.maxtime", "bantime.rndtime")
INVENTED = re.compile(
    r"[a-z]"
)  # one-letter names of the small trees, which Debian's release sends as options


def main() -> int:
    """Compare jail by jail, then all together, then the small trees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", type=Path, required=True)
    parser.add_argument("jails", nargs="*")
    arguments = parser.parse_args()
    peer: Path = arguments.peer
    stock = peer / "etc/fail2ban"
    names = arguments.jails or _sections((stock / "jail.conf").read_text())
    found = [
        line for chosen in [*([name] for name in names), names] for line in of_stock(peer, stock, chosen)
    ]
    found += [line for name, tree in CASES.items() for line in of_case(peer, name, tree)]
    print(*found, sep="\n")
    print(f"{len(names)} jails, {len(CASES)} small trees, {len(found)} differences")
    return 1 if found else 0


def _sections(text: str) -> list[str]:
    headers = [line[1:-1] for line in text.splitlines() if line.startswith("[") and line.endswith("]")]
    return [name for name in headers if name not in {"INCLUDES", "DEFAULT"}]


def of_stock(peer: Path, stock: Path, jails: Sequence[str]) -> list[str]:
    """Compare the stock tree with these jails enabled."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "fail2ban"
        shutil.copytree(stock, root)
        shutil.rmtree(root / "jail.d", ignore_errors=True)
        log = Path(folder) / LOG
        log.touch()
        sections = (f"[{jail}]\nenabled = true\nlogpath = {log}\n" for jail in jails)
        (root / "jail.local").write_text("\n".join(sections))
        return differences(peer, root, jails[0] if len(jails) == 1 else "all")


def of_case(peer: Path, name: str, tree: Mapping[str, str]) -> list[str]:
    """Compare a small tree; the word LOG in it is the path of a log file that exists."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "fail2ban"
        log = Path(folder) / LOG
        root.mkdir()
        log.touch()
        for path, text in {"fail2ban.conf": "[Definition]\n", **tree}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.replace("LOG", str(log)))
        return differences(peer, root, name)


def differences(peer: Path, root: Path, label: str) -> list[str]:
    """Compare what both make of a tree."""
    theirs, error = dump(peer, root)
    reading = read(DirectoryFiles(root), services(), str(root))
    ours = {jail.name: meaning(jail) for jail in reading.config.jails}
    found: list[str] = []
    if set(theirs) != set(ours):
        found += [f"{label}: {problem}" for problem in reading.problems]
        found += [f"{label}: fail2ban says: {error}"]
    for jail in sorted(set(theirs) | set(ours)):
        found += _compare(label, jail, theirs.get(jail, {}), ours.get(jail, {}))
    return found


def _compare(label: str, jail: str, theirs: Mapping[str, object], ours: Mapping[str, object]) -> list[str]:
    return [
        f"{label} [{jail}] {key}:\n    fail2ban {theirs.get(key)!r}\n    banish   {ours.get(key)!r}"
        for key in sorted({*theirs, *ours})
        if key in theirs or ours[key] != meaning(JailConfig(jail)).get(key)
        if theirs.get(key) != ours.get(key)
    ]


def dump(peer: Path, root: Path) -> tuple[dict[str, Meaning], str]:
    """Run the original, and read its stream of commands as what each jail is in the end."""
    command = ["/usr/bin/python3", str(peer / "usr/bin/fail2ban-client"), "-c", str(root), "-d"]
    path = {"PYTHONPATH": str(peer / "usr/lib/python3/dist-packages"), "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(command, env={**os.environ, **path}, capture_output=True, text=True, check=False)
    jails: dict[str, Meaning] = {}
    for line in ran.stdout.splitlines():
        if line.startswith("["):
            _obey(jails, ast.literal_eval(line))
    return jails, ran.stderr.strip()[-300:]


def _obey(jails: dict[str, Meaning], command: list[object]) -> None:
    match command:
        case ["add", str(name), str(backend)]:
            jails[name] = {"backend": backend, "maxlines": 1}
        case ["set" | "multi-set" as verb, str(name), str(option), *rest] if name in jails:
            _set(jails[name], option, rest, is_many=verb == "multi-set")


def _set(jail: Meaning, option: str, rest: list[object], *, is_many: bool) -> None:
    if option == "action":
        _arguments(jail, rest[1:], is_many=is_many)
        return
    if INVENTED.fullmatch(option):
        return
    if option == "addignoreip" and not isinstance(rest[0], list):
        rest = [rest]
    if option == "addjournalmatch":
        rest = [[str(term) for term in rest]]
    if option not in ADDED:
        jail[option] = _normal(option, rest[0])
        return
    many = rest[0] if is_many or (option == "addignoreip" and isinstance(rest[0], list)) else [rest[0]]
    so_far = jail.setdefault(ADDED[option], [])
    if isinstance(so_far, list) and isinstance(many, list):
        so_far.extend(many)


def _is_shell(key: str) -> bool:
    return key == "norestored" or key.startswith("action")


def _arguments(jail: Meaning, rest: list[object], *, is_many: bool) -> None:
    """Keep of what an action is told what came from its brackets: all before the name that it gets last."""
    if not is_many or not isinstance(rest[0], list):
        return
    pairs = [(str(key), str(value)) for key, value in rest[0]]
    names = [key for key, _ in pairs]
    last = max(names.index("name"), names.index("actname"))
    arguments = [pair for pair in pairs[: last + 1] if not _is_shell(pair[0]) and pair[0] != "actname"]
    so_far = jail.setdefault("arguments", [])
    if isinstance(so_far, list):
        so_far.extend(arguments)


def _normal(option: str, value: object) -> object:
    if option in SPANS and isinstance(value, str):
        return float(values.ban_seconds(value) if option == "bantime" else values.seconds(value))
    return list(values.lines(value)) if option == "datepattern" and isinstance(value, str) else value


def meaning(jail: JailConfig) -> Meaning:
    """Tell a jail in the words of the stream, without what only repeats a default."""
    growth = jail.growth or Growth()
    said: Meaning = {
        "backend": jail.backend,
        "usedns": jail.usedns.value,
        "prefregex": jail.prefregex.text if jail.prefregex else None,
        "failregex": _texts(jail.failregex),
        "ignoreregex": _texts(jail.ignoreregex),
        "maxlines": jail.maxlines,
        "datepattern": list(jail.datepatterns) or None,
        "journalmatch": [shlex.split(line) for line in jail.journalmatch] or None,
        "maxretry": jail.maxretry,
        "maxmatches": jail.maxmatches,
        "findtime": float(jail.findtime),
        "bantime": float(jail.bantime),
        "bantime.factor": growth.factor if jail.growth else None,
        "ignorecommand": jail.ignorecommand,
        "ignoreip": list(jail.ignoreip) or None,
        "logencoding": jail.logencoding,
        "logpath": [_path(path) for path in jail.logpaths]
        if not jail.backend.startswith("systemd")
        else None,
        "actions": [actname(action, jail.name) for action in jail.actions],
        "arguments": [pair for action in jail.actions for pair in _named(action, jail.name)] or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _texts(rules: Sequence[Rule]) -> list[str] | None:
    return [rule.text for rule in rules] or None


def _named(action: Action, jail: str) -> list[tuple[str, str]]:
    """Return the arguments with the name that the original adds where none is given."""
    arguments = dict(action.arguments)
    arguments.setdefault("name", jail)
    return [pair for pair in arguments.items() if pair[0] != "actname" and not _is_shell(pair[0])]


def _path(path: LogPath) -> str:
    return path.pattern


if __name__ == "__main__":
    sys.exit(main())
