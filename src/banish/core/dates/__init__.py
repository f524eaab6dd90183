"""Read the timestamp of a line."""

from banish.core.dates.detector import Standing
from banish.core.dates.reader import Dated, DateReader

__all__ = ["DateReader", "Dated", "Standing"]
