from __future__ import annotations

from demo.guests import ANNA, MALLORY, TRUDY
from demo.programs import Line

from demo import guard

SPARED = 'spared jail=sshd address=198.51.100.7 failures=5 why="logged in over ssh as anna (pid 7)"'


def test_a_line_of_banish_is_taken_apart() -> None:
    event = guard.read(Line(7.5, SPARED))
    assert (7.5, "spared", "198.51.100.7") == (event.at, event.topic, event.address)
    assert ("5", "logged in over ssh as anna (pid 7)") == (event.values["failures"], event.values["why"])


def test_a_line_about_nobody_has_no_address() -> None:
    assert guard.read(Line(0, "guarding sshd; control socket /run/x")).address == ""


def test_who_is_meant_is_known_to_the_end_of_the_address() -> None:
    assert guard.about("spared", ANNA)(SPARED)
    assert guard.about("found", TRUDY)("found jail=sshd address=2001:db8:66::9")
    assert not guard.about("found", MALLORY)("found jail=sshd address=203.0.113.99")
    assert not guard.about("banned", ANNA)(SPARED)
