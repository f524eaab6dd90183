"""Runs one program again and again, each time in a fresh child, without paying for its start each time.

Started by Debian's Python as `nursery.py PROGRAM NOW`. The program is run once for its version, which loads
what it needs; every request then forks a child that runs it from its first line, with arguments as on a
command line. In the children the clock stands still at NOW and no name resolves, so that equal runs have
equal results. A request is a line of JSON, a list of arguments; so is the answer: exit status, standard
output, standard error.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import os
import runpy
import signal
import socket
import sys
import time
import traceback
from typing import NoReturn

PATIENCE = 20  # seconds; an expression that takes longer has exploded


def stop_clock(now: int) -> None:
    """Make Python's clocks stand still; intervals go on being measured by the monotonic ones."""
    localtime, gmtime = time.localtime, time.gmtime

    class Stopped(dt.datetime):
        """Knows no other time than that."""

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Stopped:
            return cls.fromtimestamp(now, tz)

        @classmethod
        def today(cls) -> Stopped:
            return cls.fromtimestamp(now)

        @classmethod
        def utcnow(cls) -> Stopped:
            return cls.fromtimestamp(now, dt.UTC).replace(tzinfo=None)

    class Day(dt.date):
        """Knows no other day."""

        @classmethod
        def today(cls) -> Day:
            return cls.fromtimestamp(now)

    def stopped_localtime(at: float | None = None) -> time.struct_time:
        return localtime(now if at is None else at)

    def stopped_gmtime(at: float | None = None) -> time.struct_time:
        return gmtime(now if at is None else at)

    for module, name, value in (
        (time, "time", lambda: float(now)),
        (time, "localtime", stopped_localtime),
        (time, "gmtime", stopped_gmtime),
        (dt, "datetime", Stopped),
        (dt, "date", Day),
    ):
        setattr(module, name, value)


def forget_names() -> None:
    """Let no name have an address."""
    getaddrinfo = socket.getaddrinfo

    def numeric(host: str, port: int | None = None, *_: object, **__: object) -> list[object]:
        return list(getaddrinfo(host, port, flags=socket.AI_NUMERICHOST))

    def unknown(*_: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "no names here")

    setattr(socket, "getaddrinfo", numeric)  # noqa: B010 - a deed on purpose
    for name in ("gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
        setattr(socket, name, unknown)


def run(program: str, arguments: list[str]) -> int:
    """Run the program in this process, as the interpreter would."""
    sys.argv = [program, *arguments]
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
            return 1
        return end.code or 0
    except BaseException:  # noqa: BLE001 - a traceback is a result like any other
        traceback.print_exc()
        return 1
    return 0


def bear(program: str, arguments: list[str]) -> tuple[int, str, str]:
    """Run the program in a child; its status is negative if a signal ended it."""
    with io.FileIO(os.memfd_create("out"), "rb") as out, io.FileIO(os.memfd_create("err"), "rb") as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            signal.alarm(PATIENCE)
            status = run(program, arguments)
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status & 255)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return status, _text(out), _text(err)


def _text(file: io.FileIO) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "backslashreplace")


def main(program: str, now: int) -> None:
    """Load the program, then serve requests until there are no more."""
    stop_clock(now)
    forget_names()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    requests = os.fdopen(os.dup(0), encoding="utf-8")
    with open(os.devnull, "r+b", buffering=0) as nothing:  # noqa: PTH123 - a device, not a path of ours
        os.dup2(nothing.fileno(), 0)
        os.dup2(nothing.fileno(), 1)
    run(program, ["--version"])
    sys.stdout.flush()
    for line in requests:
        print(json.dumps(bear(program, json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
