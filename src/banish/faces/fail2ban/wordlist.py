"""The commands, as the help lists them; the shell's completion reads this list."""

from __future__ import annotations

from typing import Final

_SECTIONS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "BASIC",
        (
            ("start", "start the server and all jails"),
            ("restart", "stop the server and start it again"),
            ("restart [--unban] [--if-exists] <JAIL>", "start one jail anew"),
            ("reload [--restart] [--unban] [--all]", "read the configuration again"),
            ("reload [--restart] [--unban] [--if-exists] <JAIL>", "read it again for one jail"),
            ("stop", "stop all jails and end the server"),
            ("unban --all", "release everybody"),
            ("unban <IP> ... <IP>", "release these, in all jails"),
            ("banned", "tell who is banned in which jail"),
            ("banned <IP> ... <IP>", "tell in which jails these are banned"),
            ("status", "tell which jails there are"),
            ("status --all [FLAVOR]", "tell it with the figures of all jails"),
            ("status <JAIL> [FLAVOR]", "tell the figures of a jail"),
            ("stats", "tell the figures of all jails in a table"),
            ("ping", "see whether the server is there"),
            ("version", "tell the version of the server"),
        ),
    ),
    (
        "LOGGING",
        (
            ("set loglevel <LEVEL>", "log more or less"),
            ("get loglevel", "tell how much is logged"),
            ("set logtarget <TARGET>", "log elsewhere"),
            ("get logtarget", "tell where the log goes"),
            ("get syslogsocket", "tell the socket of syslog"),
            ("flushlogs", "open the log file anew, after it was rotated"),
        ),
    ),
    (
        "DATABASE",
        (
            ("get dbfile", "tell where the state is kept"),
            ("get dbmaxmatches", "tell how many lines of a ban are kept"),
            ("get dbpurgeage", "tell how long a ban that is over is remembered"),
        ),
    ),
    (
        "JAIL CONTROL",
        (
            ("add <JAIL> <BACKEND>", "prepare a jail"),
            ("start <JAIL>", "start a prepared jail"),
            ("stop <JAIL>", "stop a jail; it is gone then"),
        ),
    ),
    (
        "JAIL CONFIGURATION",
        (
            ("set <JAIL> idle on|off", "judge no lines for a while"),
            ("set <JAIL> ignoreself true|false", "leave this machine's own addresses alone"),
            ("set <JAIL> addignoreip <IP>", "exempt an address"),
            ("set <JAIL> delignoreip <IP>", "exempt it no longer"),
            ("set <JAIL> ignorecommand <COMMAND>", "a command that knows whom not to ban"),
            ("set <JAIL> ignorecache <VALUE>", "how long its word is believed"),
            ("set <JAIL> addlogpath <FILE> ['tail']", "read one more log"),
            ("set <JAIL> dellogpath <FILE>", "read a log no longer"),
            ("set <JAIL> logencoding <ENCODING>", "the encoding of the logs"),
            ("set <JAIL> addjournalmatch <MATCH>", "read more of the journal"),
            ("set <JAIL> deljournalmatch <MATCH>", "read less of the journal"),
            ("set <JAIL> addfailregex <REGEX>", "one more expression of failures"),
            ("set <JAIL> delfailregex <INDEX>", "one less"),
            ("set <JAIL> addignoreregex <REGEX>", "one more expression of lines to ignore"),
            ("set <JAIL> delignoreregex <INDEX>", "one less"),
            ("set <JAIL> findtime <TIME>", "how long a failure counts"),
            ("set <JAIL> bantime <TIME>", "how long a ban lasts"),
            ("set <JAIL> datepattern <PATTERN>", "how dates are written"),
            ("set <JAIL> usedns <VALUE>", "what is done with names"),
            ("set <JAIL> attempt <IP> [<failure1> ... <failureN>]", "count failures by hand"),
            ("set <JAIL> banip <IP> ... <IP>", "ban by hand"),
            ("set <JAIL> unbanip [--report-absent] <IP> ... <IP>", "release by hand"),
            ("set <JAIL> maxretry <RETRY>", "how many failures lead to a ban"),
            ("set <JAIL> maxmatches <INT>", "how many lines are kept as evidence"),
            ("set <JAIL> maxlines <LINES>", "how many lines an expression may cover"),
        ),
    ),
    (
        "JAIL INFORMATION",
        (
            ("get <JAIL> banned", "tell who is banned"),
            ("get <JAIL> banned <IP> ... <IP>]", "tell whether these are banned"),
            ("get <JAIL> logpath", "tell the logs"),
            ("get <JAIL> logencoding", "tell their encoding"),
            ("get <JAIL> journalmatch", "tell what is read of the journal"),
            ("get <JAIL> ignoreself", "tell whether own addresses are left alone"),
            ("get <JAIL> ignoreip", "tell who is exempt"),
            ("get <JAIL> ignorecommand", "tell the command that knows whom not to ban"),
            ("get <JAIL> failregex", "tell the expressions of failures"),
            ("get <JAIL> ignoreregex", "tell the expressions of lines to ignore"),
            ("get <JAIL> findtime", "tell how long a failure counts"),
            ("get <JAIL> bantime", "tell how long a ban lasts"),
            ("get <JAIL> datepattern", "tell how dates are written"),
            ("get <JAIL> usedns", "tell what is done with names"),
            ("get <JAIL> banip [<SEP>|--with-time]", "tell who is banned, in the order in which bans end"),
            ("get <JAIL> maxretry", "tell how many failures lead to a ban"),
            ("get <JAIL> maxmatches", "tell how many lines are kept as evidence"),
            ("get <JAIL> maxlines", "tell how many lines an expression may cover"),
            ("get <JAIL> actions", "tell the actions"),
        ),
    ),
    (
        "ACTIONS OF A JAIL",
        (
            (
                "set <JAIL> addaction <ACT> [<PYFILE> <JSON>]",
                "one more action, made of commands or in Python",
            ),
            ("set <JAIL> delaction <ACT>", "one less"),
            ("set <JAIL> action <ACT> <PROPERTY> <VALUE>", "change a command of it, or a value"),
            ("get <JAIL> action <ACT> <PROPERTY>", "tell a command of it, or a value"),
            ("get <JAIL> actionproperties <ACT>", "tell which there are"),
            ("get <JAIL> actionmethods <ACT>", "tell what it does"),
        ),
    ),
)
_WIDTH: Final = 52


def _listed() -> str:
    lines = ["Command:"]
    for title, commands in _SECTIONS:
        lines.append(f"{'':44}{title}")
        lines += [f"    {words:<{_WIDTH}} {text}" for words, text in commands]
        lines.append("")
    return "\n".join(lines) + "\n"


COMMANDS: Final = _listed()
