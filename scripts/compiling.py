"""Compiles what runs for every line, failure and ban, when a wheel is built (a build hook of hatchling).

The modules are compiled as they stand, by mypyc; nothing else changes, and the sources come along. With
HATCH_BUILD_NO_HOOKS=true, for want of a C compiler, this is left out.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from mypyc.build import mypycify
from setuptools import Distribution  # type: ignore[import-untyped] # ships no types

MODULES: Final = (
    "adapters/firewalls/elements",
    "adapters/firewalls/load",
    "adapters/store/packing",
    "core/bans",
    "core/count",
    "core/engine",
    "core/exempt",
    "core/guard",
    "core/identity",
    "core/jail",
    "core/judge",
    "core/match/clear",
    "core/match/found",
    "core/match/page",
    "core/match/scanner",
    "core/match/shapes",
    "core/match/sparse",
    "core/match/stamps",
    "core/model",
    "core/outcome",
    "core/schedule",
    "core/sessions",
    "core/subject",
    "core/trial",
    "core/window",
)
"""What a failure goes through in the core, and what a million bans go through at a start."""


class CompilingHook(BuildHookInterface[Any]):
    """Adds compiled modules to a wheel, beside their sources."""

    PLUGIN_NAME = "custom"
    _work: Path | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile."""
        if version == "editable" or self.target_name != "wheel":
            return
        self._work = Path(tempfile.mkdtemp(prefix="banish-compiling-"))
        for path in compiled(Path(self.root) / "src", self._work):
            build_data["force_include"][str(path)] = str(path.relative_to(self._work / "made"))
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clean up."""
        del version, build_data, artifact_path
        if self._work is not None:
            shutil.rmtree(self._work)


def compiled(source: Path, work: Path) -> list[Path]:
    """Compile the modules of a tree; return where below `work`/made the results are, as in a package."""
    shutil.copytree(source / "banish", work / "banish", ignore=shutil.ignore_patterns("__pycache__"))
    made = work / "made"
    told = io.StringIO()
    with contextlib.chdir(work), contextlib.redirect_stdout(told):
        os.environ["MYPYPATH"] = str(work)
        try:
            paths = [f"banish/{name}.py" for name in MODULES]
            options = ["--ignore-missing-imports"]  # what modules that are not compiled take from libraries
            extensions = mypycify([*options, *paths], opt_level="2", debug_level="0", group_name="banish")
            distribution = Distribution({"name": "banish", "ext_modules": extensions})
            command: Any = distribution.get_command_obj("build_ext")
            command.build_lib, command.build_temp = str(made), str(work / "temporary")
            command.ensure_finalized()
            command.run()
        except BaseException:
            sys.stderr.write(told.getvalue())
            raise
    return sorted(made.rglob("*.so"))
