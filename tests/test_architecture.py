"""The promises of ARCHITECTURE.md: imports point down, the core has no I/O, sizes, a test file per module."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "banish"
FILES = sorted(SOURCE.rglob("*.py"))

ALLOWED = {
    "core": {"core"},
    "compat": {"core", "compat"},
    "adapters": {"core", "compat", "adapters"},
    "daemon": {"core", "compat", "adapters", "daemon"},
    "faces": {"core", "compat", "adapters", "daemon", "faces"},
}
"""Which groups a group may import; the package itself, for its version, may always be."""

WITH_IO = frozenset(
    [
        "asyncio",
        "concurrent",
        "ctypes",
        "fcntl",
        "glob",
        "http",
        "io",
        "locale",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pathlib",
        "pty",
        "random",
        "select",
        "selectors",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "sys",
        "syslog",
        "tempfile",
        "threading",
        "time",
        "urllib",
    ]
)
"""Modules that touch the world; nothing in a pure group imports them."""

IN_MEMORY = {"BytesIO", "StringIO"}  # of `io`: they touch nothing

PURE = ("core", "compat")
OUTSIDE = {"core": frozenset[str](), "compat": frozenset[str]()}

LONGEST_FILE, MEDIAN_FILE = 400, 150
LONGEST_FUNCTION, USUAL_FUNCTION = 60, 30  # lines; at most one function in twenty is longer than usual
MOST_BRANCHES = 10
WITHOUT_TESTS = frozenset({"__init__.py"})


def group_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module != "io" or {each.name for each in node.names} - IN_MEMORY:
                yield node.module or ""


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    docstring = ast.get_docstring(node, clean=False)
    return (node.end_lineno or 0) - node.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)


def branches(node: ast.AST) -> int:
    kinds = (
        ast.If,
        ast.For,
        ast.AsyncFor,
        ast.While,
        ast.ExceptHandler,
        ast.IfExp,
        ast.match_case,
        ast.comprehension,
    )
    return sum(isinstance(child, kinds) for child in ast.walk(node))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_point_down_only(path: Path) -> None:
    if path.parent == SOURCE:
        return
    allowed = ALLOWED[group_of(path)]
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("banish.")}
    assert ours <= allowed, f"{path} imports {ours - allowed}"


@pytest.mark.parametrize("group", PURE)
def test_pure_groups_touch_nothing(group: str) -> None:
    for path in (SOURCE / group).rglob("*.py"):
        used = {name.split(".")[0] for name in imports(path)}
        assert not used & WITH_IO, f"{path} imports {used & WITH_IO}"


def test_every_group_is_known() -> None:
    groups = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert set(ALLOWED) == groups


def test_files_are_short() -> None:
    sizes = {path: len(path.read_text().splitlines()) for path in FILES}
    assert {path: size for path, size in sizes.items() if size > LONGEST_FILE} == {}
    assert statistics.median(sizes.values()) <= MEDIAN_FILE


def test_functions_are_short() -> None:
    lengths = {name: length(node) for name, node in functions()}
    assert {name: size for name, size in lengths.items() if size > LONGEST_FUNCTION} == {}
    long = [name for name, size in lengths.items() if size > USUAL_FUNCTION]
    assert len(long) <= len(lengths) / 20


def test_functions_branch_little() -> None:
    counts = {name: branches(node) for name, node in functions()}
    assert {name: count for name, count in counts.items() if count > MOST_BRANCHES} == {}


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.name not in WITHOUT_TESTS],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_every_module_has_a_test_file(path: Path) -> None:
    relative = path.relative_to(SOURCE)
    name = relative.name.removesuffix(".py").rstrip("_")
    assert (ROOT / "tests" / relative.parent / f"test_{name}.py").exists()


def test_every_module_says_what_it_is() -> None:
    for path in FILES:
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_the_product_names_nothing_outside_itself() -> None:
    for path in [*FILES, *(ROOT / "scripts").iterdir()]:
        if path.is_file():
            assert "../shared" not in path.read_text()
