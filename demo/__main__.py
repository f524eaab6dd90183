"""Show Banish against a real attack: `python -m demo`, as root or with sudo.

Exit status 0 if everything went as it should, 1 if something did not, 2 if this machine cannot show it.
"""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

from demo import server
from demo.entrance import INSIDE, enter
from demo.errors import PlotError, UnfitError
from demo.programs import Program
from demo.screen import Screen
from demo.story import Story

_SECONDS: Final = 58  # the audience was promised less than a minute
_LAST_LINES: Final = 12

_DONE, _FAILED, _UNFIT = 0, 1, 2


def main() -> int:
    """Get in, or tell the story if that has been done."""
    try:
        if sys.argv[1:] != [INSIDE]:
            enter()
        return _play()
    except UnfitError as error:
        print(f"demo: {error}", file=sys.stderr)
        return _UNFIT


def _play() -> int:
    if os.getpid() != 1:
        raise UnfitError(f'"{INSIDE}" is a word for the demo itself; run it without')
    # the first process of a namespace gets no signal that it does not ask for
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace", line_buffering=True)
    try:
        failure = asyncio.run(_tell())
    except BrokenPipeError:  # nobody looks any more
        os._exit(_FAILED)
    if failure:
        _report(failure)
    return _FAILED if failure else _DONE


async def _tell() -> str:
    """Tell the story; return what went wrong, if anything did."""
    try:
        async with asyncio.timeout(_SECONDS):
            await Story(Screen()).tell()
    except PlotError as error:
        return str(error)
    except TimeoutError:
        return f"not over after {_SECONDS} s"
    return ""


def _report(failure: str) -> None:
    """Show what went wrong, and what everybody said last."""
    print(f"\ndemo: {failure}", file=sys.stderr)
    texts = {"auth.log": server.auth_log().splitlines()}
    for program in Program.started:
        texts[program.name] = [line.text for line in program.lines]
    for name, lines in texts.items():
        for line in lines[-_LAST_LINES:]:
            print(f"  {name}: {line}", file=sys.stderr)


def _leave(number: int, _: FrameType | None) -> NoReturn:
    """End at once; everybody else inside ends with this process."""
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
