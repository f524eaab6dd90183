"""Errors, by whose fault it was; a message names place, value and cure."""


class BanishError(Exception):
    """Anything Banish reports to a person; never raised itself."""


class ConfigError(BanishError):
    """The operator's configuration cannot be used as it stands."""


class RuleError(ConfigError):
    """An expression or a date pattern of the configuration cannot be compiled."""


class PeerError(BanishError):
    """Somebody who talked to us did not keep to the protocol."""


class EnforceError(BanishError):
    """The firewall refused a change."""


class StoreError(BanishError):
    """The state could not be read or written."""


class RefusedError(BanishError):
    """The answer is no: nothing was done, and this is why."""
