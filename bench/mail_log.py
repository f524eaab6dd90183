"""The log of a mail host: postfix, dovecot and exim at work, and those who guess passwords at each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from bench.crowd import Crowd, chooser
from bench.stamps import SYSLOG, stamps

JAILS: Final = ("postfix", "postfix-sasl", "dovecot", "exim")
_WORDS: Final = "NOQUEUE: reject|authentication failed|auth failed|authenticator failed"
LITERALS: Final = _WORDS.split("|")
"""What a search for the same lines would look for."""

_EVENTS: Final = {
    "delivered": """\
postfix/smtpd[{pid}]: connect from mail.example.org[{who}]
postfix/smtpd[{pid}]: {id}: client=mail.example.org[{who}]
postfix/cleanup[{pid}]: {id}: message-id=<{id}.{pid}@example.org>
postfix/qmgr[811]: {id}: from=<{user}@example.org>, size=48213, nrcpt=1 (queue active)
postfix/lmtp[{pid}]: {id}: to=<{user}@example.com>, relay=mx[private/lmtp], delay=0.2, status=sent (250)
postfix/qmgr[811]: {id}: removed
postfix/smtpd[{pid}]: disconnect from mail.example.org[{who}] ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5
""",
    "read": """\
dovecot: imap-login: Login: user=<{user}>, method=PLAIN, rip={who}, lip=192.0.2.1, mpid={pid}, TLS
dovecot: imap({user})<{pid}><{id}>: Logged out in=612 out=4371 deleted=0 expunged=0 trashed=0
""",
    "received": """\
exim[{pid}]: 1{id}-000{pid}-Ab <= {user}@example.net H=out.example.net [{who}] P=esmtps S=5120
exim[{pid}]: 1{id}-000{pid}-Ab => {user} <{user}@example.com> R=local_user T=maildir_home
exim[{pid}]: 1{id}-000{pid}-Ab Completed
""",
    "relayed": """\
postfix/smtpd[{pid}]: connect from unknown[{who}]
postfix/smtpd[{pid}]: NOQUEUE: reject: RCPT from unknown[{who}]: 554 5.7.1 <{user}@example.net>: Relay access\
 denied; from=<{user}@example.net> to=<{user}@example.net> proto=ESMTP helo=<gate>
postfix/smtpd[{pid}]: disconnect from unknown[{who}] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4
""",
    "guessed-smtp": """\
postfix/smtpd[{pid}]: connect from unknown[{who}]
postfix/smtpd[{pid}]: warning: unknown[{who}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6
postfix/smtpd[{pid}]: disconnect from unknown[{who}] ehlo=1 auth=0/1 quit=1 commands=2/3
""",
    "guessed-imap": """\
dovecot: imap-login: Disconnected (auth failed, 1 attempts in 4 secs): user=<{user}>, method=PLAIN,\
 rip={who}, lip=192.0.2.1, TLS, session=<{id}>
""",
    "guessed-exim": """\
exim[{pid}]: dovecot_login authenticator failed for (gate) [{who}]:53512: 535 Incorrect authentication\
 data (set_id={user})
""",
}
"""The lines of one connection; exim has `syslog_timestamp = false`, so that no line has two dates."""

_TEXTS: Final = {kind: text.splitlines() for kind, text in _EVENTS.items()}
_SHARES: Final = {
    "delivered": 30,
    "read": 60,
    "received": 30,
    "relayed": 15,
    "guessed-smtp": 30,
    "guessed-imap": 25,
    "guessed-exim": 25,
}
_USERS: Final = (
    "info",
    "sales",
    "admin",
    "anna",
    "office",
    "support",
    "ben",
    "postmaster",
    "contact",
    "test",
)


def lines(count: int, end: float, seed: int = 3) -> Iterator[str]:
    """Yield as many lines, the last one written at `end`; the same for the same arguments."""
    rng = random.Random(seed)
    crowd, kinds = Crowd(rng, fresh=seed * 1_000_000), chooser(rng, _SHARES)
    times = stamps(count, end, SYSLOG)
    for event in range(count):
        who, user, pid = crowd.draw(), _USERS[int(rng.random() * len(_USERS))], 2_000 + event % 8_000
        letter = f"{event * 2_654_435_761 & 0xFFFFFFFF:08X}"
        for text in _TEXTS[kinds()]:
            stamp = next(times, None)
            if stamp is None:
                return
            yield f"{stamp} mx {text.format(who=who, user=user, pid=pid, id=letter)}\n"
