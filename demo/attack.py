"""The attackers: hydra, which tries one password after the other over several connections at once."""

from __future__ import annotations

import re
import signal
from typing import Final

from demo.guests import Guest
from demo.programs import Program, output
from demo.stage import PASSWORD, WINGS

PASSWORDS: Final = 40
RIGHT_ONE: Final = 30  # which of them is anna's
_CONNECTIONS: Final = "4"
_ATTEMPT: Final = re.compile(r"\[ATTEMPT\] .* (\d+) of \d+ \[child")


async def start(guest: Guest, user: str) -> Program:
    """Let a guest attack."""
    folder = WINGS / guest.name
    folder.mkdir()
    passwords = [f"password{number}" for number in range(1, PASSWORDS + 1)]
    passwords[RIGHT_ONE - 1] = PASSWORD
    (folder / "passwords").write_text("\n".join(passwords) + "\n")
    family, host = ("-6", f"[{guest.door}]") if guest.has_ipv6 else ("-4", guest.door)
    hydra = ("hydra", "-I", "-V", family, "-t", _CONNECTIONS, "-l", user, "-P", "passwords", f"ssh://{host}")
    # a pipe would get hydra's lines late, in blocks
    words = guest.at_home("stdbuf", "-oL", *hydra)
    return await Program.start(f"{guest.name}'s hydra", *words, folder=folder, env={"HOME": str(folder)})


async def stop(hydra: Program) -> int:
    """End an attack, and return how many passwords hydra has handed to its connections."""
    await hydra.stop(signal.SIGKILL)
    return max((int(found[1]) for line in hydra.lines if (found := _ATTEMPT.search(line.text))), default=0)


async def is_answered(guest: Guest) -> bool:
    """Whether a new connection to sshd is answered with more than silence; silence takes a second."""
    words = ("ssh-keyscan", "-T", "1", "-t", "ed25519", guest.door)
    return "SSH-2.0-" in await output(*guest.at_home(*words), fine=(0, 1))
