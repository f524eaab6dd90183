"""Small trees for `compat_config.py`: each shows one rule of the language; name → path → text."""

from __future__ import annotations

from collections.abc import Mapping

_JAIL = "[DEFAULT]\nusedns = warn\n[j]\nenabled = yes\nmaxretry = 7\nfilter = f%s\n%s\n"


def _one(filter_text: str, arguments: str = "", options: str = "", **more: str) -> dict[str, str]:
    tree = {"jail.conf": _JAIL % (arguments, options), "filter.d/f.conf": filter_text}
    return tree | {path.replace("__", ".").replace("_in_", "/"): text for path, text in more.items()}


CASES: Mapping[str, Mapping[str, str]] = {
    "a value over several lines": _one(
        "[Definition]\nfailregex = x\n  # note\n  ; note\n\n  y <HOST>\n\n   z ; cut\n a = x;y\n"
    ),
    "an empty first line": _one("[Definition]\nfailregex =\n    first\n    second ; cut\n"),
    "the shop": {
        "filter.d/shop.conf": (
            "[Definition]\nmode = normal\nfailregex = ^login failed (?:<why>) from <HOST>$\n"
            "            <more-<mode>>\nmore-normal =\nmore-hard = ^probe by <HOST>$\n[Init]\n"
            "why = password\n"
        ),
        "jail.local": (
            '[shop]\nenabled = yes\nfilter = shop[mode=hard, why="pin|<known/why>"]\n'
            "logpath = %(log)s\n[DEFAULT]\nlog=LOG\n"
        ),
    },
    "the fallback is not case-sensitive": _one(
        "[DEFAULT]\nhost = h\n[Definition]\nmode = normal\nfailregex = <HOST> (?P<Mode>x) <Mode>\n"
    ),
    "known reaches back one layer": {
        "jail.conf": "[j]\nenabled=yes\nfilter=f\n",
        "filter.d/f.conf": "[Definition]\nfailregex = a\nignoreregex = q\n",
        "filter.d/f.local": "[Definition]\nfailregex = b%(known/failregex)s<known/ignoreregex>\n",
    },
    "known of a default": {
        "jail.conf": "[DEFAULT]\nx = d\n[j]\nenabled=yes\nfilter=f\nfailregex = 1\n",
        "jail.local": "[j]\nfailregex = %(known/failregex)s|%(known/x)s|%(default/x)s\n",
        "filter.d/f.conf": "[Definition]\nfailregex = f\n",
    },
    "another section in the caller's context": {
        "jail.conf": (
            "[DEFAULT]\nx = d\n[other-one]\nx = o%(y)s\ny = wrong\n"
            "[j]\nenabled=yes\nfilter=f\ny = mine\nfailregex = %(other-one/x)s %(other-one/x)s%%\n"
        ),
        "filter.d/f.conf": "[Definition]\nfailregex = f\n",
    },
    "tags see another section in its own": _one(
        "[DEFAULT]\ny = d\n[lt-a]\ny = own\nx = v%(y)s\n[Definition]\n"
        "failregex = <lt-a/x> <default/y> <lt-b/x>\n"
    ),
    "what is not found in the first reading is not found in the second": _one(
        "[Definition]\nfailregex = <maxretry> <zz> <ZZ> <known/zz>\n", "[zz=1]"
    ),
    "what is found in the first reading stays": _one(
        "[DEFAULT]\nmaxretry = 1\n[Definition]\nfoo = n%(maxretry)s\n"
        "failregex = <Foo> <foo> <maxretry> <enabled>\n"
    ),
    "init, and what it knows": _one(
        "[Definition]\nfailregex = <foo> <known/x> <bar> %(x)s\nbar = z<foo>\nx = d\n[Init]\n"
        "foo = n%(x)s\nx = i\n",
        "[x=A]",
    ),
    "known in a jail does not see init": _one(
        "[Definition]\nfailregex = %(x)s <x>\nx = D\n[Init]\nx = I\n", "", "ignoreregex = %(known/failregex)s"
    ),
    "arguments and the jail say the same": _one(
        "[Definition]\nfailregex = F\n",
        "[usedns=raw, prefregex=P1, maxlines=3, ignoreregex=I1, journalmatch=A=1]",
        "prefregex = P2\nmaxlines = 4\nignoreregex = I2\n J2\njournalmatch = B=2\ndatepattern = D2\n",
    ),
    "the jail replaces": _one(
        "[Definition]\nfailregex = F\nignoreregex = G\nmaxlines = 2\nusedns = raw\n", "", "failregex = <x>J\n"
    ),
    "init beats the definition": _one(
        "[Definition]\nfailregex = F\ndatepattern = D\nusedns = no\n[Init]\ndatepattern = I\n"
        "\n  J\nusedns = raw\n"
    ),
    "conditional init": _one(
        "[Definition]\nfailregex = <t> <u>\n[Init]\nt = 4\nu = 4\n[Init?family=inet6]\nt = 6\n"
        "[In-it?x=y]\nt = 7\n"
    ),
    "logtype of files": _one(
        "[Definition]\nfailregex = <lt-<logtype>/x>\n[lt-file]\nx = F\n[lt-journal]\nx = J\n"
    ),
    "logtype of the journal": _one(
        "[Definition]\nfailregex = <lt-<logtype>/x>\n[lt-file]\nx = F\n[lt-journal]\nx = J\n",
        "",
        "backend = systemd[journalflags=1]",
    ),
    "logtype of its own": _one("[Definition]\nlogtype = own\nfailregex = <logtype>\n"),
    "logtype asked for": _one("[Definition]\nfailregex = <logtype>\n", "[logtype=mine]"),
    "includes and locals": {
        "jail.conf": "[INCLUDES]\nbefore = a.conf\n  b.conf\nafter = z.local\n[j]\nenabled=yes\nfilter=f\n",
        "a.conf": "[INCLUDES]\nbefore = jail.conf\n   a.conf\n[DEFAULT]\nmaxretry = 1\n"
        "findtime = 1\nbantime = 1\n",
        "a.local": "[DEFAULT]\nmaxretry = 2\n",
        "b.conf": "[DEFAULT]\nfindtime = 2\n[j]\nignorecommand = b\n",
        "z.local": "[DEFAULT]\nbantime = 99\n[j]\nignorecommand = z-%(known/ignorecommand)s\n",
        "jail.d/.hidden.conf": "[j]\nmaxretry = 66\n",
        "jail.d/b.conf": "[DEFAULT]\nmaxretry = 3\n",
        "jail.d/a.conf": "[DEFAULT]\nmaxretry = 4\n",
        "filter.d/f.conf": "[Definition]\nfailregex = f\n",
        "filter.d/f.d/x.conf": "[Definition]\nfailregex = x\n",
    },
    "defaults lose": {
        "jail.conf": "[j]\nenabled=yes\nfilter=f\nmaxretry = 3\n",
        "jail.local": "[DEFAULT]\nmaxretry = 9\nfindtime = 9\n",
        "filter.d/f.conf": "[Definition]\nfailregex = %(__name__)s\n",
    },
    "actions": {
        "jail.conf": (
            '[j]\nenabled=yes\nfilter=f\naction = a[x="1 2",\n  y=3]\n'
            "  b[name=j-tcp] b[name=foo]\n  a[actname=q][x=5]\n [z='6,7']\n"
        ),
        "filter.d/f.conf": "[Definition]\nfailregex = f\n",
        "action.d/a.conf": "[Definition]\nactionban = x\n",
        "action.d/b.conf": "[Definition]\nactionban = x\n",
    },
    "lists": _one(
        "[Definition]\nfailregex = f\n",
        "",
        "ignoreip = 1.2.3.4, ::1\n  10.0.0.0/8,,a.example\nlogpath = LOG tail\n  LOG head\n"
        "bantime = 1h30\nfindtime=1d12h\n",
    ),
    "blanks and case": _one("[Definition]\nFailRegex: a = b : c\nIGNOREREGEX=d # e\n", "", "MaxMatches : 3"),
}
