"""Where events are written down: readable lines for the operator, fail2ban's lines for `logtarget`."""

from banish.adapters.logs.file import FileLog
from banish.adapters.logs.journald import JournalLog
from banish.adapters.logs.opening import open_log
from banish.adapters.logs.readable import OperatorLog, operator_line
from banish.adapters.logs.sinks import Logs, Sink
from banish.adapters.logs.stream import STREAMS, StreamLog, level_number, stream_log
from banish.adapters.logs.syslogd import SyslogLog

__all__ = [
    "STREAMS",
    "FileLog",
    "JournalLog",
    "Logs",
    "OperatorLog",
    "Sink",
    "StreamLog",
    "SyslogLog",
    "level_number",
    "open_log",
    "operator_line",
    "stream_log",
]
