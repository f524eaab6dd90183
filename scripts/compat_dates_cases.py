"""Lines and patterns for `compat_dates`: written, generated and from samples; the same ones in every run."""

# ruff: noqa: E501, RUF001, SIM905 - lists of lines and patterns are read as blocks, and hold odd characters

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

from banish.core.dates import zones

RULES = "CET-01CEST-02,M3.5.0,M10.5.0"
NOW = 1_700_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """Lines of one log, and the settings of the one jail that reads it."""

    name: str
    lines: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    tz: str = "Europe/Berlin"
    now: int = NOW
    logtimezone: str = ""


def all_cases(samples: Path, filters: Path) -> Iterator[Case]:
    """Yield every case; `samples` and `filters` are folders of the other program's."""
    yield from _written()
    yield from _numbers()
    yield from _tokens()
    yield from _years_and_weeks()
    yield from _guesses()
    yield from _zones()
    yield from _seasons()
    yield from _mixed()
    yield from _pattern_lists()
    yield from _odd_patterns()
    yield from _samples(samples, filters)


# ------------------------------------------------------------------------------------------- rendering

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_ABBREVIATIONS = "Z UTC GMT CET CEST EST PST NFT A ACST NPT VLAST MART".split()
_RENDER: dict[str, Callable[[datetime, random.Random], str]] = {
    "Y": lambda at, _: f"{at.year}",
    "y": lambda at, _: f"{at.year % 100:02}",
    "m": lambda at, rng: rng.choice((f"{at.month:02}", f"{at.month}")),
    "Exm": lambda at, _: f"{at.month:02}",
    "d": lambda at, rng: rng.choice((f"{at.day:02}", f"{at.day}", f"{at.day:2}")),
    "Exd": lambda at, _: f"{at.day:02}",
    "b": lambda at, rng: rng.choice((str.title, str.lower, str.upper))(_MONTHS[at.month - 1]),
    "B": lambda at, _: at.strftime("%B"),
    "a": lambda at, _: at.strftime("%a"),
    "A": lambda at, _: at.strftime("%A"),
    "H": lambda at, rng: rng.choice((f"{at.hour:02}", f"{at.hour}")),
    "ExH": lambda at, _: f"{at.hour:02}",
    "k": lambda at, rng: rng.choice((f"{at.hour:2}", f"{at.hour}", f" {at.hour}", f"{rng.randrange(30)}")),
    "I": lambda at, _: f"{at.hour % 12 or 12:02}",
    "l": lambda at, rng: rng.choice((f"{at.hour % 12 or 12:2}", f"{rng.randrange(20)}")),
    "p": lambda _, rng: rng.choice(("AM", "PM", "am", "Pm")),
    "M": lambda at, _: f"{at.minute:02}",
    "S": lambda at, rng: rng.choice((f"{at.second:02}", f"{at.second:02}", f"{rng.randrange(62):02}")),
    "f": lambda _, rng: f"{rng.randrange(10 ** rng.randint(1, 7))}",
    "z": lambda _, rng: rng.choice(("Z", "UTC", "GMT", _offset(rng))),
    "Z": lambda _, rng: rng.choice(_ABBREVIATIONS),
    "Exz": lambda _, rng: rng.choice(("", rng.choice(_ABBREVIATIONS))) + _offset(rng),
    "j": lambda at, _: at.strftime("%j"),
    "U": lambda at, _: at.strftime("%U"),
    "W": lambda at, _: at.strftime("%W"),
    "w": lambda at, _: at.strftime("%w"),
    "c": lambda at, _: at.strftime("%a %b %d %H:%M:%S %Y"),
    "x": lambda at, _: at.strftime("%m/%d/%y"),
    "X": lambda at, _: at.strftime("%H:%M:%S"),
    "V": lambda at, _: at.strftime("%V"),
    "u": lambda at, _: at.strftime("%u"),
    "G": lambda at, _: at.strftime("%G"),
    "%": lambda _, __: "%",
}
_TOKEN = re.compile(r"%(Ex[A-Za-z]|.)")


def _offset(rng: random.Random) -> str:
    hours, minutes = rng.randrange(20), rng.choice((0, 15, 30, 59))
    return f"{rng.choice('+-')}{hours:02}" + rng.choice(("", f"{minutes:02}", f":{minutes:02}"))


def _render(layout: str, at: datetime, rng: random.Random) -> str:
    def one(match: re.Match[str]) -> str:
        return _RENDER.get(match[1], _RENDER[match[1][-1]])(at, rng)

    return _TOKEN.sub(one, layout)


def _some_time(rng: random.Random) -> datetime:
    near = datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=rng.randint(-3 * 86400, 3 * 86400))
    far = datetime(rng.randint(1998, 2031), 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(366 * 86400))
    return rng.choice((near, far))


def _mutated(line: str, rng: random.Random) -> str:
    """Change, drop, double or insert a character, near the start as a rule."""
    at = min(int(rng.expovariate(1 / 12)), len(line))
    new = rng.choice(" 0123456789-/:.,T[]<>@+abZſ١é\t")
    return rng.choice((line[:at] + new + line[at + 1 :], line[:at] + line[at + 1 :],
                       line[:at] + line[at : at + 1] * 2 + line[at + 1 :], line[:at] + new + line[at:]))  # fmt: skip


# ----------------------------------------------------------------------------------------------- cases

_LAYOUTS = (
    "%Y-%m-%dT%H:%M:%S.%f%z", "%Y/%m/%d  %H:%M:%S %z", "%Y.%m.%d %H:%M:%S,%f",
    "%a %b %d %k:%M:%S %Y", "%b %d %k:%M:%S", "%a %b %d %k:%M:%S.%f %Y", "%b %d %Y %k:%M:%S.%f",
    "%d/%m/%Y %k:%M:%S", "%d-%m-%y %k:%M:%S", "%d/%b/%Y:%H:%M:%S %z", "%d-%b-%Y %H:%M:%S.%f",
    "%m/%d/%Y:%H:%M:%S", "%m-%d-%Y %k:%M:%S.%f", "%H:%M:%S", "<%m/%d/%y@%H:%M:%S>", "%y%Exm%Exd %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p", "%b-%d-%y %k:%M:%S", "%Y%Exm%ExdT%ExH%M%S.%f %z", "%Y%Exm%Exd %ExH:%M:%S",
    "%Z %b %d %k:%M:%S", "%z %a %b %d %k:%M:%S %Y", "1700000000", "1699999999.123", "@4000000065540a2a1234abcd",
    "type=A msg=audit(1699990000.123:4):", "[1699990000]", "",
)  # fmt: skip
_BEFORE = ("", "", "", "", "[", "<30>", "([", "x ", "*** ", "info ", "host ", " ", "  ", "1.2.3.4 - - [")
_AFTER = (
    " x",
    "] y",
    ": z",
    "",
    " [1700000000] 23:13:20 w",
    " 2023-11-14 10:00:00 v",
    "x",
    ", Nov 3 10:00:00",
)

_WRITTEN = r"""
2023-11-14T22:13:20Z h|2023-11-14 17:13:20 -05 h|2023-11-14 17:13:20 EST h|[14/Nov/2023:23:13:20 +0100] x
1.2.3.4 - - [14/Nov/2023:23:13:20 +0100] "GET|11-14-2023 23:13:20.252|05-06-2023 23:13:20|231114  3:13:20
20231114T231320|20231114-23:13:20|20231114 231320|Nov 14, 2023 11:13:20 PM|<11/14/23@23:13:20> x|23:13:21 x
Nov 16 00:00:00 h|Nov 15 23:00:00 h|*** Nov 14 23:13:20 x|type=X msg=audit(1700000000.123:45): y
@4000000065540a2a1234abcd x|x 1700000000 y|x 23:13:20|2035-11-14 23:13:20|1999-11-14 23:13:20
abc2023-11-14 23:13:20|2023-11-14 23:13:200|2023-11-14T23:13 x|Nov 14 23:13:61 x|Nov 14 24:13:20 x
Feb 29 10:00:00 x|z May 06 07:08:09 x|info May 06 07:08:09 x|ABCD May 06 07:08:09 x|2023-02-30 10:00:00 x
"""


def _written() -> Iterator[Case]:
    """Lines by hand, each alone: nothing was learned before."""
    for number, line in enumerate(re.split(r"[|\n]", _WRITTEN.strip())):
        yield Case(f"written {number}", (line,))
    for line, pattern, zone in (
        ("11:14 PM", "%I:%M(?: %p)?", ""),
        ("2023 321 23", "%Y %j %H", ""),
        ("2023 46 2 23", "%Y %W %w %H", ""),
        ("2023-11-14 23:13:20", "%Y-%m-%d %H:%M:%S", "UTC-0130"),
        ("1700000000123456", "LEPOCH", ""),
    ):
        yield Case(f"written {pattern}", (line,), (pattern,), logtimezone=zone)


def _numbers() -> Iterator[Case]:
    rng = random.Random(1)
    texts = []
    for _ in range(400):
        number = "".join(rng.choices("0123456789", k=rng.randint(9, 18)))
        fraction = rng.choice(("", "", f".{rng.randrange(10 ** rng.randint(1, 8))}"))
        before = rng.choice(("", "", "[", "audit(", "x audit(", "([", "[[[", " ", "x", "at=", "@"))
        texts.append(before + number + fraction + rng.choice((" x", "]", ":", ":1)", "x", "")))
    hexes = [
        "@4000000" + "".join(rng.choices("0123456789abcdef", k=rng.choice((16, 17, 17, 17, 18))))
        for _ in range(60)
    ]
    for pattern in ("EPOCH", "^EPOCH", "{^LN-BEG}EPOCH", "LEPOCH", "^lepoch", "{EPOCH}",
                    "at={lepoch}", r"^\[{LEPOCH}\]"):  # fmt: skip
        yield Case(f"numbers {pattern}", tuple(texts), (pattern,))
    for pattern in ("TAI64N", "^tai64n", "{^LN-BEG}TAI64N"):
        yield Case(f"numbers {pattern}", tuple(hexes + [f"[{text}] x" for text in hexes]), (pattern,))


_COMPLETE = (
    "%Y-%m-%d %H:%M:%S", "%ExY%Exm%ExdT%ExH%ExM%ExS", "%y/%m/%d %k:%M", "%Exy %b %d %I:%M:%S %p", "%B %d, %Y %l %p",
    "%a, %d %b %Y %H:%M:%S %z", "%A %d.%m.%Y %Exk:%ExM:%ExS.%f", "%d/%b/%Y:%H:%M:%S %Exz", "%Y %j %H:%M", "%c",
    "%x %X", "%X %x %Exz", "%Y%%%m%%%d", "%d %m", "%b%d%k%M", "%m%d%H%M%S", "%Y %U %w %H", "%W %a %Y", "%U %A",
    "%H:%M", "%M:%S", "%Y", "%I %p", "%Exl:%M %p %Y-%j", "%ExZ %Y %b %d %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%u %V %G %H",
    r"^\[%Y-%m-%d %H:%M:%S\]", r"^\[(%Y-%m-%d) %H:%M\]", "{^LN-BEG}%Y/%m/%d %H:%M:%S(?:\\.%f)?",
    "**%H:%M**", "{UNB}%Y%m%d", "%H:%M:%S$", "^%H:%M$", "%Y (foo)", "(?i)t%H:%M", r"%d\s%b\s", r"(?P<H>\d\d)h%M",
    "%S %H %d %m %y", "%Exd.%Exm. %H:%M %Z", "%d.%m.%y %l:%M%p", "%Y %m %d %j", "%H %I %p", "%d %b %m", "%Y %y %m %d",
)  # fmt: skip


def _tokens() -> Iterator[Case]:
    """Every token in some pattern, with lines that are rendered for it, mutated, or rendered for another."""
    rng = random.Random(2)
    for pattern in _COMPLETE:
        layout = re.sub(
            r"[\\^$()?*]|\(\?.\)|\{[^}]*\}|P<H>",
            "",
            pattern.replace(r"(?P<H>\d\d)", "%ExH").replace(r"\s", " "),
        )
        lines = []
        for _ in range(80):
            text = rng.choice(_BEFORE) + _render(layout, _some_time(rng), rng) + rng.choice(_AFTER)
            lines.append(rng.choice((text, text, _mutated(text, rng))))
        for zone in ("", "UTC-0130"):
            yield Case(f"tokens {pattern} {zone}", tuple(lines), (pattern,), logtimezone=zone)


def _years_and_weeks() -> Iterator[Case]:
    years, weeks, days = range(2018, 2030), (0, 1, 2, 30, 51, 52, 53), range(7)
    for week in "UW":
        lines = tuple(f"{year} {number} {day} 12" for year, number, day in product(years, weeks, days))
        yield Case(f"weeks {week}", lines, (f"%Y %{week} %w %H",))
        yield Case(f"weeks {week} by name", tuple(
            f"{number} {day} 12" for number, day in product(range(54), ("Mon", "sat", "SUN"))), (f"%{week} %a %H",))  # fmt: skip
    yield Case(
        "days", tuple(f"{year} {day}" for year, day in product(years, (1, 59, 60, 61, 365, 366))), ("%Y %j",)
    )
    yield Case("days of this year", tuple(f"{day} 10" for day in range(1, 367)), ("%j %H",))
    ends = (
        f"{year}-{month:02}-{day} 23:59:59"
        for year, month, day in product(years, range(1, 13), (28, 29, 30, 31))
    )
    yield Case("ends of months", tuple(ends))


def _guesses() -> Iterator[Case]:
    """Years and days that the clock must supply, at times when that is not easy."""
    rng = random.Random(3)
    dated = [f"{month} {day:2} {time}" for month in _MONTHS for day in (1, 14, 15, 28, 29, 30, 31)
             for time in ("00:00:00", "12:13:20", "23:59:59")]  # fmt: skip
    zoned = [f"{_offset(rng)} {line}" for line in dated]
    times = [f"{hour:02}:{minute:02}" for hour, minute in product(range(24), (0, 13, 14, 59))]
    for moment in ("2023-11-14 22:13:20", "2024-01-01 00:00:10", "2024-02-29 12:00:00", "2023-12-31 23:30:00",
                   "2023-03-01 00:10:00", "2025-02-28 23:00:00", "2024-12-31 12:00:00"):  # fmt: skip
        now = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
        for tz in ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"):
            day_years = tuple(f"{year} {time}" for year in (2019, 2020) for time in times)
            zoned_times = tuple(time + _offset(rng) for time in times)
            for name, lines, patterns, zone in (
                ("year", dated, (), ""),
                ("year zoned", zoned, (), ""),
                ("year set", dated, (), "-0800"),
                ("day", times, ("%H:%M",), ""),
                ("day set", times, ("%H:%M",), "+0530"),
                ("day zoned", zoned_times, ("%H:%M%z",), ""),
                ("day of another year", day_years, ("%Y %H:%M",), ""),
            ):
                yield Case(f"guess {name} {moment} {tz}", tuple(lines), patterns, tz, now, zone)


def _zones() -> Iterator[Case]:
    """Abbreviations are in a table; one letter, three, four, five; and offsets on top."""
    names = [name for name in zones.ABBREVIATIONS if len(name) != 2]
    yield Case("zones", tuple(f"2023-11-14 10:00 {name}" for name in names), ("%Y-%m-%d %H:%M %ExZ",))
    yield Case("zones and offsets", tuple(f"2023-11-14 10:00 {name}{offset}" for name, offset in product(
        names, ("", "+01", "-0130", "+02:00", "+1"))), ("%Y-%m-%d %H:%M %Exz",))  # fmt: skip
    yield Case("offsets", tuple(f"2023-11-14 10:00 {sign}{h:02}{m}" for sign, h, m in product(
        "+-", range(25), ("", "00", ":30", "59", "60", "99", ":5"))), ("%Y-%m-%d %H:%M %z",))  # fmt: skip
    for zone in (
        "UTC",
        "GMT-0100",
        "UTC+0200",
        "+02",
        "+02:30",
        "CET",
        "PST-0800",
        "Z",
        "A+01",
        "NFT",
        "-1960",
    ):
        yield Case(
            f"logtimezone {zone}",
            ("2023-11-14 10:00:00 x", "2023-11-14 10:00:00Z x", "1700000000"),
            logtimezone=zone,
        )


def _seasons() -> Iterator[Case]:
    """Every ten minutes around changes of clocks, skipped and doubled ones too."""
    for tz in (
        "Europe/Berlin",
        RULES,
        "America/New_York",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Africa/Casablanca",
    ):
        lines = [f"{day} {hour:02}:{minute:02}:07" for day in (
            "2023-03-12", "2023-03-26", "2023-04-02", "2023-10-01", "2023-10-29", "2023-11-05", "2024-03-10", "2024-04-14")
            for hour in range(4) for minute in range(0, 60, 10)]  # fmt: skip
        yield Case(f"seasons {tz}", tuple(lines), tz=tz)


def _mixed() -> Iterator[Case]:
    """Mix formats that alternate in one log, in runs and at random, mutated: what is learned decides."""
    for seed in range(60):
        rng = random.Random(100 + seed)
        layouts = rng.sample(_LAYOUTS, rng.randint(1, 6))
        lines: list[str] = []
        while len(lines) < 150:
            layout, before, after = rng.choice(layouts), rng.choice(_BEFORE), rng.choice(_AFTER)
            for _ in range(rng.choice((1, 1, 2, 5))):
                line = before + _render(layout, _some_time(rng), rng) + after
                lines.append(line if rng.random() < 0.8 else _mutated(line, rng))
        patterns = rng.choice(
            ((), (), (), ("{^LN-BEG}",), ("{DATE}",), (r"^\[({DATE})",), ("{DATE}]",), (r"{^LN-BEG}{DATE}",))
        )
        yield Case(f"mixed {seed}", tuple(lines), patterns)


def _pattern_lists() -> Iterator[Case]:
    """Several patterns of the operator's own, in any order."""
    own = ("%Y-%m-%d %H:%M:%S", "{^LN-BEG}%b %d %k:%M:%S", "%b %d %k:%M:%S", "EPOCH", "^EPOCH", "%d/%b/%Y:%H:%M:%S %z",
           "%H:%M:%S", "^%H:%M:%S", "{NONE}", "%H:%M:%S$", "{^LN-BEG}", "%d/%m/%Y %k:%M:%S", "%Y", "%y%Exm%Exd %H:%M:%S",
           "TAI64N", r"\d+-", "%m/%d/%Y", "()")  # fmt: skip
    for seed in range(60):
        rng = random.Random(200 + seed)
        patterns = tuple(rng.sample(own, rng.randint(2, 6)))
        lines = []
        for _ in range(120):
            line = (
                rng.choice(_BEFORE) + _render(rng.choice(_LAYOUTS), _some_time(rng), rng) + rng.choice(_AFTER)
            )
            lines.append(line if rng.random() < 0.8 else _mutated(line, rng))
        yield Case(f"patterns {seed}", tuple(lines), patterns)


def _odd_patterns() -> Iterator[Case]:
    lines = ("10:11 x", "x10:11", "a10:11", " 10:11", "10:113", "10:11 ", "foo10:11 x", "(10:11 x", "a (10:11 x", "[10:11] x",
             r"\10:11 x", "T10:11", "10:11T", "x y 10:11 z")  # fmt: skip
    for pattern in ("%H:%M", "(foo)?%H:%M", "[(]%H:%M", r"\\(%H:%M)", "(?:^|x)%H:%M", "(^|x)%H:%M", "((?:^x)?%H:%M)",
                    "(?i:^%H:%M)", "(?P<all>^%H:%M)", "^(?i)T%H:%M", "{^LN-BEG}^%H:%M", "{^LN-BEG}**%H:%M", "{UNB}%H:%M",
                    "{unb}%H:%M", r"\d+:", "x", r"(?P<H>\d\d):", "  %H  ", "%H:%M(?i)", "x(?i)%H:%M", "(**%H:%M)",
                    "%H:%M**", "(%H:%M**)", "(%H:%M$)", "%H:%M(?:$)", r"%H:%M\s", r"%H:%M\b", "(?=^)%H:%M", "(?<!a)%H:%M",
                    "(?:(?:^|x)%H:%M)", r"\^%H:%M", "{^LN-BEG}(?:x|^)%H:%M", "{^LN-BEG}(^%H:%M)", "{^LN-BEG}(%H:%M)",
                    "{UNB}**%H:%M", "{UNB}^%H:%M$", "**", "^", "{UNB}", "^$", "{^LN-BEG}  %H:%M", "^(?:x)?(%H:%M)$",
                    "{NONE}", "{none}", "%H:%M$"):  # fmt: skip
        yield Case(f"odd {pattern}", lines, (pattern,))
        yield Case(f"odd {pattern} and another", lines * 2, (pattern, "%M:%H"))


def _samples(samples: Path, filters: Path) -> Iterator[Case]:
    """Take the other program's sample logs, by the defaults and by the date patterns of their filters."""
    together: list[str] = []
    for file in sorted(path for path in samples.rglob("*") if path.is_file()):
        lines = tuple(
            line.rstrip("\r")
            for line in file.read_text("utf-8", errors="replace").split("\n")
            if line.strip() and not line.startswith("#")
        )
        together += lines
        yield Case(f"sample {file.name}", lines)
        yield Case(
            f"sample {file.name} shuffled",
            tuple(random.Random(4).sample(lines, len(lines))),
            now=1_125_000_000,
        )
        rng = random.Random(5)
        yield Case(f"sample {file.name} mutated", tuple(_mutated(line, rng) for line in lines))
        for patterns in _datepatterns(filters / f"{file.name}.conf"):
            yield Case(f"sample {file.name} {patterns}", lines, patterns)
    random.Random(6).shuffle(together)
    for start in range(0, len(together), 400):
        yield Case(f"samples together {start}", tuple(together[start : start + 400]))


def _datepatterns(conf: Path) -> Iterator[tuple[str, ...]]:
    """Values of `datepattern` in a filter's file that need no more than `%%` undone."""
    if conf.is_file():
        for match in re.finditer(
            r"^datepattern *= *(.*(?:\n[ \t]+\S.*)*)", conf.read_text("utf-8"), re.MULTILINE
        ):
            if "%(" not in match[1] and "<" not in match[1].replace("?P<", ""):
                yield tuple(text.strip().replace("%%", "%") for text in match[1].split("\n") if text.strip())
