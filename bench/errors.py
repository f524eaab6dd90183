"""Why there is no figure."""

from __future__ import annotations


class UnfitError(Exception):
    """This machine cannot measure it; the message says what is missing."""


class TrialError(Exception):
    """A program did not do what was to be measured."""


class SilenceError(TrialError):
    """What was awaited did not come in time."""
