"""What a release of fail2ban changed in the meaning of filters, undone on our side for older ones.

Banish follows the newest release. Each change is undone here and nowhere else, and only in this process.
"""

from __future__ import annotations

import re
from typing import Final

from banish.compat import tags

_IP6: Final = tags._IP6  # noqa: SLF001 - what is undone has no door
_OLD_IP6: Final = _IP6.replace("::?|:)", "::?|::)")
_BLOCKS: Final = dict(tags._BLOCKS)  # noqa: SLF001
_ADDR: Final = tags._ADDR  # noqa: SLF001


def follow(version: str) -> None:
    """Let this process read filters as this release does.

    Before 1.1 no group of colons at the start of an IPv6 address but `::` counted, and `::` alone did not.
    """
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    ip6 = _OLD_IP6 if numbers < (1, 1) else _IP6
    tags._BLOCKS.update({name: block.replace(_IP6, ip6) for name, block in _BLOCKS.items()})  # noqa: SLF001
    setattr(tags, "_ADDR", _ADDR.replace(_IP6, ip6))  # noqa: B010 - the module does not export it
