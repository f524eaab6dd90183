"""Matching: from the bytes of a log to the failures in it."""

from banish.core.match.clear import Entry, JailScanner, Mode, Stamped
from banish.core.match.scanner import Findings, Scanner

__all__ = ["Entry", "Findings", "JailScanner", "Mode", "Scanner", "Stamped"]
