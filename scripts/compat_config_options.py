"""Small trees for `compat_config.py`: each shows what one setting may be; name → path → text."""

from __future__ import annotations

from collections.abc import Mapping

_FILTER = "[Definition]\nfailregex = x <HOST>\n"
_ACTIONS = {
    "action.d/a.conf": "[Definition]\nactionban = <x> <ip>\n[Init]\nx = 4\n[Init?family=inet6]\nx = 6\n",
    "action.d/b.conf": "[Definition]\nactionban = x\nactionunban =\n",
    "action.d/p.py": "",
}


def _jail(options: str, call: str = "f", text: str = _FILTER, **more: str) -> dict[str, str]:
    """Return a tree of one jail; names of `more` are paths, with `_in_` for slashes and `__` for dots."""
    paths = {name.replace("_in_", "/").replace("__", "."): content for name, content in more.items()}
    jail = f"[j]\nenabled = yes\nfilter = {call}\n{options}\n"
    return {"jail.conf": jail, "filter.d/f.conf": text, **paths}


def _actions(value: str, options: str = "") -> dict[str, str]:
    return _jail(f"{options}\naction = {value}") | _ACTIONS


_GROWTH: Mapping[str, Mapping[str, str]] = {
    "growth": _jail("bantime.increment = true"),
    "growth by factor": _jail("bantime.increment = On\nbantime.factor = 2.5"),
    "growth by a factor that is written as one": _jail("bantime.increment = 1\nbantime.factor = 3/2"),
    "growth by a formula": _jail(
        "bantime.increment = YES\nbantime.factor = 2\n"
        "bantime.formula = ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor"
    ),
    "growth by a formula with a function": _jail(
        "bantime.increment = yes\nbantime.formula = ban.Time * math.exp(min(ban.Count, 9)*banFactor) / math.e"
    ),
    "growth by steps": _jail("bantime.increment = yes\nbantime.multipliers = 1 5 30 60 300 720 1440 2880"),
    "growth with an end": _jail("bantime.increment = yes\nbantime.maxtime = 5w\nbantime.rndtime = 2m"),
    "growth over all jails": _jail("bantime.increment = yes\nbantime.overalljails = true"),
    "growth with a word that is no yes": _jail("bantime.increment = yes\nbantime.overalljails = maybe"),
    "growth of empty options": _jail(
        "bantime.increment = yes\nbantime.factor =\nbantime.formula =\nbantime.multipliers =\n"
        "bantime.maxtime =\nbantime.rndtime ="
    ),
    "growth that is off": _jail("bantime.increment = no\nbantime.factor = 7\nbantime.maxtime = 1d"),
    "growth of nobody": _jail("bantime.factor = 7\nbantime.overalljails = yes"),
    "growth by default": {
        "jail.conf": "[DEFAULT]\nbantime.increment = true\nbantime.maxtime = 1w\nbantime = 1h\n"
        "[j]\nenabled = true\nfilter = f\nbantime.maxtime = 2w\n[k]\nenabled = true\nfilter = f\n",
        "filter.d/f.conf": _FILTER,
    },
}

_SPARED: Mapping[str, Mapping[str, str]] = {
    "ignoring oneself": _jail("ignoreself = true"),
    "not ignoring oneself": _jail("ignoreself = FALSE"),
    "ignoring oneself, perhaps": _jail("ignoreself = perhaps"),
    "ignoring what a command says": _jail("ignorecommand = /bin/x <ip> 'a  b' <F-USER> %%"),
    "ignoring what no command says": _jail("ignorecommand ="),
    "ignoring for a while": _jail('ignorecache = key="<ip>|<F-USER>", max-count=7, max-time=1h 30m'),
    "ignoring for a while, in other words": _jail("ignorecache = max-time=90,key='<fid>'"),
    "ignoring afresh": _jail("ignorecache ="),
    "ignoring nobody": _jail("ignoreip ="),
    "ignoring many": _jail("ignoreip = 127.0.0.1/8 ::1,10.0.0.0/8\n  # note\n\n  a.example , 9.9.9.9"),
    "ignoring by reference": _jail("own = 1.1.1.1 %(more)s\nmore = 2.2.2.2\nignoreip = %(own)s 3.3.3.3"),
}

_LOGS: Mapping[str, Mapping[str, str]] = {
    "zone and encoding": _jail("logpath = LOG\nlogtimezone = UTC+0200\nlogencoding = latin-1"),
    "no zone": _jail("logtimezone ="),
    "names are looked up": _jail("usedns = Yes"),
    "names are not looked up": _jail("usedns = NO"),
    "names are text": _jail("usedns = raw"),
    "names are odd": _jail("usedns = perhaps"),
    "no evidence": _jail("maxmatches = 0"),
    "evidence of a reference": _jail("maxretry = 4\nmaxmatches = %(maxretry)s"),
    "evidence of no number": _jail("maxmatches = many"),
    "failures of no number": _jail("maxretry = 0x10"),
    "numbers with blanks and lines": _jail("maxretry =  1_0 \nmaxlines = 4"),
    "backend polling": _jail("backend = Polling\nlogpath = LOG"),
    "backend pyinotify": _jail("backend = pyinotify\nlogpath = LOG tail"),
    "backend of no kind": _jail("backend ="),
    "backend systemd": _jail("backend = systemd\nlogpath = LOG\njournalmatch = _SYSTEMD_UNIT=x.service"),
    "backend systemd with options": _jail('backend = systemd[journalflags=1, journalpath="/a,b"]'),
    "backend by reference": _jail("backend = %(own)s\nown = systemd", text=_FILTER + " <logtype>"),
    "matches of the journal": _jail("backend = systemd\njournalmatch = A=b 'C=d e' + F=\"g h\"\n\n  X=y\\ z"),
    "matches of the filter": _jail("backend = systemd", text=_FILTER + "journalmatch = A=1 + B=2\n C=3"),
    "matches of both": _jail(
        "backend = systemd\njournalmatch = %(known/journalmatch)s + B=2", text=f"{_FILTER}journalmatch = A=1"
    ),
    "matches of nobody": _jail(
        "backend = systemd\njournalmatch =", text=_FILTER + "journalmatch = _UNIT=a\n_y = z"
    ),
    "logs by pattern": _jail(
        "logpath = ROOT/log/*.log tail\n  ROOT/l?g/[ab]/x TAIL\n  ROOT/log/missing\n ROOT/log/c/d head",
        log_in_one__log="", log_in_two__log="", log_in__hidden__log="", log_in_a_in_x="", log_in_b_in_x="",
        log_in_c_in_d="",
    ),
    "logs twice": _jail("logpath = LOG\n  LOG"),
    "logs by reference": _jail("logpath = %(here)s/one.log\nhere = ROOT", one__log=""),
    "no log": _jail("logpath = ROOT/none.log"),
    "no log, skipped": _jail("logpath = LOG\nskip_if_nologs = true"),
}  # fmt: skip

_SECTIONS: Mapping[str, Mapping[str, str]] = {
    **{
        f"enabled = {word}": {"jail.conf": f"[j]\nenabled = {word}\nfilter = f\n", "filter.d/f.conf": _FILTER}
        for word in ("1", "On", "TRUE", "yes", "2", "y", "", "enabled", "0", "no ; yes")
    },
    "enabled by default": {
        "jail.conf": "[DEFAULT]\nenabled = true\n[a]\nfilter = f\n[b]\nfilter = f\nenabled = false\n",
        "filter.d/f.conf": _FILTER,
    },
    "enabled by reference": _jail("") | {"jail.local": "[DEFAULT]\non = yes\n[j]\nenabled = %(on)s\n"},
    "enabled later": _jail("") | {"jail.d/z.local": "[j]\nenabled = no\n"},
    "locals after all": {
        "jail.conf": "[j]\nenabled = true\nfilter = f\nmaxretry = 1\nfindtime = 1\nbantime = 1\n",
        "jail.d/a.conf": "[j]\nmaxretry = 2\nfindtime = 2\nbantime = 2\n",
        "jail.d/a.local": "[j]\nmaxretry = 3%(known/maxretry)s\n",
        "jail.d/b.conf": "[j]\nfindtime = 4%(known/findtime)s\n",
        "jail.local": "[j]\nbantime = 5%(known/bantime)s\nmaxretry = 9\n",
        "filter.d/f.conf": _FILTER,
        "filter.d/f.local": "[Definition]\nfailregex = %(known/failregex)s\n  y <HOST>\n",
        "filter.d/f.d/a.local": "[Definition]\nignoreregex = z\n",
    },
    "includes of includes": {
        "jail.conf": "[INCLUDES]\nbefore = sub/a.conf\nafter = sub/z.conf\n[j]\nenabled = yes\nfilter = f\n"
        "maxretry = 5\n",
        "sub/a.conf": "[INCLUDES]\nbefore = b.conf\n  %(kind)s.conf\n[DEFAULT]\nkind = c\nfindtime = 11\n",
        "sub/b.conf": "[DEFAULT]\nfindtime = 10\nbantime = 10\n",
        "sub/b.local": "[DEFAULT]\nbantime = 12\n",
        "sub/c.conf": "[DEFAULT]\nignoreip = 1.1.1.1\n",
        "sub/z.conf": "[j]\nmaxretry = 6%(known/maxretry)s\n",
        "filter.d/f.conf": "[INCLUDES]\nbefore = g.conf\nafter = h.local\n[Definition]\nfailregex = %(p)s<q>",
        "filter.d/g.conf": "[DEFAULT]\np = g\n[Definition]\nq = qg\nignoreregex = ig\n",
        "filter.d/g.local": "[Definition]\nq = ql<r>\n",
        "filter.d/h.local": "[Definition]\nr = h\n",
    },
    "another section's option": _jail("maxretry = %(k/x)s\nfindtime = %(k/y)s1") | {
        "jail.local": "[DEFAULT]\ny = 4\n[k]\nx = 2%(z)s\nz = 9\n[j]\nz = 3\n"
    },
    "another section's option in a filter": _jail(
        "", text="[s-t]\nx = 1%(z)s<w>\nz = s\n[Definition]\nz = d\nw = D\nfailregex = %(s-t/x)s|<s-t/x>\n"
    ),
    "the default's option": _jail("maxretry = %(default/maxretry)s1") | {
        "jail.local": "[DEFAULT]\nmaxretry = 7\n"
    },
    "what is known of a filter": _jail(
        "failregex = %(known/failregex)s\n  more <HOST>\n"
        "datepattern = %(known/datepattern)s$",
        "f[m=hard]",
        text="[Definition]\nm = soft\nfailregex = <x-<m>> <HOST>\nx-soft = s\nx-hard = h\n"
        "datepattern = EPOCH\n",
    ),
    "what is known of an argument": _jail(
        "", 'f[x="a|<known/x>", y=%(known/maxretry)s]',
        text="[Definition]\nfailregex = <x> <y>\n[Init]\nx = i\n",
    ) | {"jail.local": "[j]\nmaxretry = 8\n"},
    "conditional sections": _jail(
        "", "f[u=9]", text="[Definition]\nfailregex = <t> <u> <v>\n[Init]\nt = 4\nu = 4\nv = 4\n"
        "[Init?family=inet6]\nt = 6\nu = 6\n[Init?x=y]\nv = 7\n"
    ),
    "a condition of one's own": _jail("", text="[Definition]\nfailregex = <t>\nt = 4\nt?family=inet6 = 6\n"),
    "a conditional jail": _jail("") | {
        "jail.local": "[j?family=inet6]\nmaxretry = 2\n[DEFAULT?x=y]\nmaxretry = 3\n"
    },
    "a jail with an odd name": {
        "jail.conf": "[a.b-c 1]\nenabled = yes\nfilter = f\nfailregex = %(__name__)s\n",
        "filter.d/f.conf": _FILTER,
    },
}  # fmt: skip

_CALLS: Mapping[str, Mapping[str, str]] = {
    "quotes of a filter": _jail(
        "", """f[a="x,y]", b='it"s', c=d=e, e="  sp ", g=][h=<a>, i="it's"]""",
        text="[Definition]\nfailregex = <a>\n  <b>\n  <c>\n  <e>|<h>|<i>|<g>\n",
    ),
    "an argument over lines": _jail("", 'f[a="x\n  y",\n  b=z]', text="[Definition]\nfailregex = <a>|<b>\n"),
    "the later argument": _jail("", "f[a=1, A=2, a=3]", text="[Definition]\nfailregex = <a> <A> %(a)s\n"),
    "an empty argument": _jail("", "f[a=, b='']", text="[Definition]\nfailregex = x<a><b>y\na = A\n"),
    "no arguments": _jail("", "f[]"),
    "a comma too much": _jail("", "f[a=1,]", text="[Definition]\nfailregex = <a>\n"),
    "two commas too much": _jail("", "f[a=1,,b=2]"),
    "a blank before =": _jail("", "f[a = 1]"),
    "text behind the arguments": _jail("", "f[a=1] x"),
    "an argument by reference": _jail(
        "m = hard\nn = f", "%(n)s[m=%(m)s]", text="[Definition]\nfailregex = <m>\n"
    ),
    "a filter in a folder": _jail("", "sub/g", filter__d_in_sub_in_g__conf=_FILTER),
    "a filter that is not there": _jail("", "g"),
    "a filter without a definition": _jail("", text="[Init]\nx = y\n"),
    "a filter of arguments only": _jail("", "f[x=1]", text="[Init]\nfailregex = i<x>\nx = 2\ny = 3\n"),
    "a filter of defaults only": _jail("failregex = y", text="[DEFAULT]\nfailregex = x\nmaxlines = 3\n"),
    "no filter": _jail("failregex = y <HOST>", ""),
    "a jail's own expressions": _jail(
        "failregex = y <HOST>\n\n  <x> # no note\nignoreregex =\nprefregex = ^<F-CONTENT>.*$"
    ),
    "quotes of an action": _actions("""a[x="1,2]", y='it"s', z=c=d]"""),
    "groups of an action": _actions("a[x=1][y=2]\n  [z=3] b"),
    "actions in a row": _actions("a b[name=two]\n   p.py"),
    "an action by reference": _actions(
        '%(ban)s[port="%(port)s", name=%(__name__)s-x]\n  b', "ban = a\nport = 1,2"
    ),
    "an action with another name": _actions("a[actname=z, x=1]\n a[name=j]\n b[name=jump]"),
    "an action in Python": _actions('p.py[x="1 2", actname=q]\n p.py'),
    "an action with options of all": _actions("b[timeout=5, norestored=yes, actionban='z <x>', x=3]"),
    "an action that is not there": _actions("c"),
    "an action that is not closed": _actions("a[x=1 b"),
    "an action with a comma": _actions("a[x=1], b"),
    "no action": _actions(""),
}  # fmt: skip

_SERVER = (
    "[DEFAULT]\nloglevel = {}\nlogtarget = {}\nsyslogsocket = auto\nallowipv6 = {}\ndbfile = {}\n"
    "dbmaxmatches = {}\ndbpurgeage = {}\n[Definition]\n"
)
_WHOLE: Mapping[str, Mapping[str, str]] = {
    "the whole": {**_jail(""), "fail2ban.conf": _SERVER.format("notice", "STDERR", "no", "/x.db", "7", "1w")},
    "the whole, in other words": {
        **_jail(""),
        "fail2ban.conf": _SERVER.format("DEBUG", "/var/log/x[padding=off]", "auto", "None", "0", "1d 12h"),
        "fail2ban.local": "[Definition]\nloglevel = ERROR\n",
        "fail2ban.d/a.conf": "[DEFAULT]\ndbmaxmatches = 4\n",
    },
}

OPTIONS = {**_GROWTH, **_SPARED, **_LOGS, **_SECTIONS, **_CALLS, **_WHOLE}
