"""Read the timestamp of a line."""

from banish.core.dates.detector import Standing
from banish.core.dates.reader import Dated, DateReader, Peek

__all__ = ["DateReader", "Dated", "Peek", "Standing"]
