"""The two ways in which a demo can fail."""


class UnfitError(Exception):
    """This machine cannot show the demo; the message says why."""


class PlotError(Exception):
    """Something went otherwise than it should have; the message says what."""
