"""Holds our reading of a fail2ban tree against the original's: `compat_config.py --peer DIR [JAIL ...]`.

Run by `python -m compat config`, or by itself with `PYTHONPATH=.`. DIR is a fail2ban of any release, an
unpacked package or a source tree. Every jail of its tree is
enabled on its own, in a copy of the tree, then all at once; then come small trees that show one rule each,
and trees made by chance. `fail2ban-client -d` says what the original makes of them. Prints every difference
in meaning; the exit status is 1 if there is one. With jails named, only those are compared.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from compat.oracle import find
from compat_config_cases import CASES
from compat_config_meaning import Meaning, meaning, whole
from compat_config_options import OPTIONS
from compat_config_random import random_tree
from compat_config_stream import Original, dump

from banish.adapters.tree import DirectoryFiles, services
from banish.compat.jails import read
from banish.core.config import Growth, JailConfig

LOG = "access.log"
RANDOM = 500
TREES: Mapping[str, Mapping[str, str]] = {**CASES, **OPTIONS}


def main() -> int:
    """Compare jail by jail, then all together, then the small trees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True)
    parser.add_argument("--random", type=int, default=RANDOM, help=f"how many trees by chance ({RANDOM})")
    parser.add_argument("--first", type=int, default=0, help="the number of the first of them (0)")
    parser.add_argument("jails", nargs="*")
    arguments = parser.parse_args()
    original = Original(find(arguments.peer))
    names = arguments.jails or jails_of(original)
    trees = {} if arguments.jails else {**TREES, **random_trees(arguments.first, arguments.random)}
    found = [line for chosen in [*([name] for name in names), names] for line in of_stock(original, chosen)]
    found += of_trees(original, trees)
    original.close()
    print(*found, sep="\n")
    print(f"{len(names)} jails, {len(trees)} small trees, {len(found)} differences")
    return 1 if found else 0


def random_trees(first: int, count: int) -> dict[str, Mapping[str, str]]:
    """Make trees by chance; each is named by its number."""
    return {f"random {seed}": random_tree(seed) for seed in range(first, first + count)}


def jails_of(original: Original) -> list[str]:
    """Name the jails that the original is delivered with."""
    lines = (original.tree / "jail.conf").read_text().splitlines()
    headers = [line[1:-1] for line in lines if line.startswith("[") and line.endswith("]")]
    return [name for name in headers if name not in {"INCLUDES", "DEFAULT"}]


def of_stock(original: Original, jails: Sequence[str]) -> list[str]:
    """Compare the original's own tree with these jails enabled."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "fail2ban"
        shutil.copytree(original.tree, root)
        shutil.rmtree(root / "jail.d", ignore_errors=True)
        log = Path(folder) / LOG
        log.touch()
        sections = (f"[{jail}]\nenabled = true\nlogpath = {log}\n" for jail in jails)
        (root / "jail.local").write_text("\n".join(sections))
        return differences(original, root, jails[0] if len(jails) == 1 else "all")


def of_trees(original: Original, trees: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Compare small trees."""
    return [line for name, tree in trees.items() for line in of_tree(original, name, tree)]


def of_tree(original: Original, name: str, tree: Mapping[str, str]) -> list[str]:
    """Compare a small tree.

    The word ROOT in it is its own directory, the word LOG the path of a log file that exists.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "fail2ban"
        log = Path(folder) / LOG
        root.mkdir()
        log.touch()
        for path, text in {"fail2ban.conf": "[Definition]\n", **tree}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text.replace("ROOT", str(root)).replace("LOG", str(log)))
        return differences(original, root, name, is_whole="fail2ban.conf" in tree)


def differences(original: Original, root: Path, label: str, *, is_whole: bool = False) -> list[str]:
    """Compare what both make of the jails of a tree and, if `is_whole`, of what concerns no single jail."""
    theirs, error = dump(original, root)
    reading = read(DirectoryFiles(root), services(), str(root))
    ours = {jail.name: meaning(jail) for jail in reading.config.jails}
    their_whole = theirs.pop("", {})
    found: list[str] = []
    if set(theirs) != set(ours):
        found += [f"{label}: {problem}" for problem in reading.problems]
        found += [f"{label}: fail2ban says: {error}"]
    for jail in sorted(set(theirs) | set(ours)):
        default = meaning(JailConfig(jail, growth=Growth()))
        found += _compare(f"{label} [{jail}]", theirs.get(jail, {}), ours.get(jail, {}), default)
    if is_whole:
        found += _compare(f"{label}: ", their_whole, whole(reading.config.server), {})
    return found


def _compare(label: str, theirs: Meaning, ours: Meaning, default: Meaning) -> Iterable[str]:
    """Tell what differs; what only repeats a default may be left unsaid."""
    for key in sorted({*theirs, *ours}):
        if key not in theirs and ours[key] == default.get(key):
            continue
        if theirs.get(key) != ours.get(key):
            yield f"{label} {key}:\n    fail2ban {theirs.get(key)!r}\n    banish   {ours.get(key)!r}"


if __name__ == "__main__":
    sys.exit(main())
