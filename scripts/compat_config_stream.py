"""What the original makes of a tree: its stream of commands, read as what each jail is in the end."""

from __future__ import annotations

import ast
import json
import subprocess
from pathlib import Path
from typing import Final

from compat.oracle import Oracle
from compat_config_meaning import Meaning, is_shell, normal

from banish.compat import FAIL2BAN_VERSION

NURSERY: Final = Path(__file__).with_name("compat") / "nursery.py"
ADDED: Final = {
    "addfailregex": "failregex",
    "addignoreregex": "ignoreregex",
}
MUTE: Final = frozenset({"prefregex", "datepattern"})
"""What the server forgets if it is empty."""
INVENTED: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
"""One-letter names of the small trees: Debian's releases send arguments of filters as options of the jail."""


class Original:
    """A fail2ban-client that reads trees, one after the other."""

    def __init__(self, oracle: Oracle) -> None:
        self.tree = oracle.tree
        self.version = oracle.version()
        self._nursery = subprocess.Popen(
            [oracle.python, NURSERY, oracle.program.with_name("fail2ban-client"), "0"],
            env={**oracle.environment, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Let it go."""
        self._nursery.communicate()

    def read(self, root: Path) -> tuple[str, str]:
        """Return its stream of commands for a tree, and its complaints."""
        if self._nursery.stdin is None or self._nursery.stdout is None:
            raise AssertionError("both are pipes")
        print(json.dumps(["-c", str(root), "-d"]), file=self._nursery.stdin, flush=True)
        _, output, errors = json.loads(self._nursery.stdout.readline())
        return output, errors.strip()


def dump(original: Original, root: Path) -> tuple[dict[str, Meaning], str]:
    """Return what each jail is, under the name "" what concerns no single jail, and the last complaints.

    A jail that the server would refuse, since a number of it is none, is left out.
    """
    output, errors = original.read(root)
    # The one word in which the releases must differ: each puts its own version into its reports.
    output = output.replace(f"/{original.version}", f"/{FAIL2BAN_VERSION}")
    jails: dict[str, Meaning] = {"": {}}
    for line in output.splitlines():
        if line.startswith("["):
            _obey(jails, ast.literal_eval(line))
    settled = {name: _settled(jail) for name, jail in jails.items() if not name or None not in jail.values()}
    return settled, errors[-300:]


def _settled(jail: Meaning) -> Meaning:
    """Leave out what says nothing; the order of files is that of the file system."""
    jail = {option: value for option, value in jail.items() if option not in MUTE or _says_something(value)}
    if jail.get("bantime.increment") is not True:
        jail = {option: value for option, value in jail.items() if not option.startswith("bantime.")}
    files = jail.get("logpath")
    return jail | {"logpath": sorted(set(files))} if isinstance(files, list) else jail


def _obey(jails: dict[str, Meaning], command: list[object]) -> None:
    match command:
        case ["add", str(name), str(backend)]:
            jails[name] = {"backend": backend, "maxlines": 1}
        case ["set" | "multi-set" as verb, str(name), str(option), *rest] if name in jails:
            _set(jails[name], option, rest, is_many=verb == "multi-set")
        case ["set", str(option), value] if option != "thread":
            jails[""][option] = normal(option, value)


def _set(jail: Meaning, option: str, rest: list[object], *, is_many: bool) -> None:
    if option == "action":
        _arguments(jail, rest[1:], is_many=is_many)
    elif option == "addaction":
        _add(jail, "actions", [rest[0]])
        _add(jail, "arguments", list(json.loads(str(rest[2])).items()) if len(rest) > 1 else [])
    elif option == "addignoreip":  # one list, or all of them one by one, as the release will have it
        _add(jail, "ignoreip", rest[0] if rest and isinstance(rest[0], list) else rest)
    elif option == "addjournalmatch":
        _add(jail, "journalmatch", [[str(term) for term in rest]])
    elif option == "addlogpath":
        _add(jail, "logpath", [(rest[0], *(str(word).lower() for word in rest[1:]))])
    elif option in ADDED:
        several = rest[0] if is_many and isinstance(rest[0], list) else [rest[0]]
        _add(jail, ADDED[option], [text for text in several if _says_something(text)])
    elif option not in INVENTED:
        jail[option] = normal(option, rest[0])


def _add(jail: Meaning, option: str, values: object) -> None:
    so_far = jail.setdefault(option, [])
    if isinstance(so_far, list) and isinstance(values, list):
        so_far.extend(values)


def _arguments(jail: Meaning, rest: list[object], *, is_many: bool) -> None:
    """Keep of what an action is told what came from its brackets: all before the name that it gets last."""
    if not is_many or not isinstance(rest[0], list):
        return
    pairs = [(str(key), str(value)) for key, value in rest[0]]
    names = [key for key, _ in pairs]
    last = max(names.index("name"), names.index("actname"))
    arguments = [pair for pair in pairs[: last + 1] if not is_shell(pair[0]) and pair[0] != "actname"]
    _add(jail, "arguments", arguments)


def _says_something(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
