from __future__ import annotations

import pytest

from banish.core.errors import ConfigError
from banish.faces.cli.asking import span


@pytest.mark.parametrize(("seconds", "text"), [(None, None), (600, "10m"), (-1, "-1"), (5400, "1h30m")])
def test_a_span_is_written_as_in_the_configuration(seconds: float | None, text: str | None) -> None:
    assert seconds == span(text)


def test_a_span_that_is_none_is_quoted() -> None:
    with pytest.raises(ConfigError, match='--for "soon": not a duration'):
        span("soon")
