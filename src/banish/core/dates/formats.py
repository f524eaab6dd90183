"""The date formats that are known without being told, in the order in which they are tried.

Notation as in a date pattern of the configuration. Reports show these texts with their tokens spelled out.
"""

_SYSLOG = r"(?:%a )?%b %d %k:%M:%S(?:\.%f)?(?: %ExY)?"

FORMATS = (
    # 2024-05-06T07:08:09.123+02:00, 2024.05.06  7:08:09
    r"%ExY(?P<_sep>[-/.])%m(?P=_sep)%d(?:T|  ?)%H:%M:%S(?:[.,]%f)?(?:\s*%z)?",
    # Mon May  6 07:08:09 2024, May 6 07:08:09
    _SYSLOG,
    # Mon May 06 2024 07:08:09
    r"(?:%a )?%b %d %ExY %k:%M:%S(?:\.%f)?",
    # 06/05/2024 07:08:09, 06-05-24 07:08:09
    r"%d(?P<_sep>[-/])%m(?P=_sep)(?:%ExY|%Exy) %k:%M:%S",
    # 06/May/2024:07:08:09 +0200
    r"%d(?P<_sep>[-/])%b(?P=_sep)%ExY[ :]?%H:%M:%S(?:\.%f)?(?: %z)?",
    # 05/06/2024:07:08:09
    "%m/%d/%ExY:%H:%M:%S",
    # 05-26-2024 07:08:09.252
    r"%m-%d-%ExY %k:%M:%S(?:\.%f)?",
    # 1700000000
    "Epoch",
    # 07:08:09
    "{^LN-BEG}%H:%M:%S",
    # <05/06/24@07:08:09>
    "^<%m/%d/%Exy@%H:%M:%S>",
    # 240506  7:08:09
    "%Exy%Exm%Exd  ?%H:%M:%S",
    # May 06, 2024 07:08:09 AM
    "%b %d, %ExY %I:%M:%S %p",
    # May-06-24 07:08:09
    "^%b-%d-%Exy %k:%M:%S",
    # 20240506T070809
    r"%ExY%Exm%Exd(?:[-T]|  ?)%ExH:?%ExM:?%ExS(?:[.,]%f)?(?:\s*%z)?",
    # PDT May 06 07:08:09
    "(?:%Z )?" + _SYSLOG,
    # +02:00 May 06 07:08:09
    "(?:%z )?" + _SYSLOG,
    # @4000000065540a2a1234abcd
    "TAI64N",
)
