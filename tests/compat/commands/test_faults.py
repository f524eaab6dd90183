"""Errors as fail2ban's clients know them."""

from __future__ import annotations

import pytest

from banish.compat.commands.faults import (
    CommandError,
    duplicate_jail,
    refused,
    too_few,
    unknown_jail,
    wrong,
)


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (unknown_jail("x"), "fail2ban.exceptions.UnknownJailException"),
        (duplicate_jail("x"), "fail2ban.exceptions.DuplicateJailException"),
        (too_few(), "IndexError"),
        (wrong("x"), "ValueError"),
        (refused("x"), "Exception"),
    ],
)
def test_an_error_is_of_a_class_that_clients_know(error: CommandError, name: str) -> None:
    assert error.error.name == name
    assert error.error.args
    assert str(error)
