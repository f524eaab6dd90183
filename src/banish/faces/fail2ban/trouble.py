"""What is wrong, and where the command says so.

Programs read standard output. The original writes there what is wrong with an expression or the choice of a
filter; of most other mistakes in a configuration it dies, with an exception on standard error alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from banish.core.config import Problem, Severity
from banish.core.errors import ConfigError

_SAID: Final = frozenset({"prefregex", "failregex", "ignoreregex", "filter"})


class CollapseError(ConfigError):
    """What the original does not survive."""


def trouble(problems: Sequence[Problem]) -> ConfigError:
    """Return the errors among the problems as one."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    text = "\n".join(map(str, errors))
    return ConfigError(text) if any(map(_is_said, errors)) else CollapseError(text)


def _is_said(error: Problem) -> bool:
    """Whether it is about what a value says; what cannot be worked out is empty, or of another section."""
    return error.key in _SAID and bool(error.value) and error.section == error.jail
