"""fail2ban's control protocol, byte by byte: values are told in the language of Python's pickles.

Nothing here loads a pickle: a list of operations is understood that can make data and nothing else.
"""

from banish.compat.frames.decode import decode, decode_reply
from banish.compat.frames.encode import encode
from banish.compat.frames.framing import CLOSE, TERMINATOR, Framing
from banish.compat.frames.values import RemoteError, Value

__all__ = ["CLOSE", "TERMINATOR", "Framing", "RemoteError", "Value", "decode", "decode_reply", "encode"]
