"""The fast way through lines that look alike: what was found out of one holds for all of its shape.

Two lines have the same shape if they differ in digits only. An expression that treats all digits alike, and
does not compare what it has matched, cannot tell them apart: it matches both, with all groups at the same
places, or neither. So judging is done once for a shape, and after that a line costs a look into a table. This
is exact; where it cannot be shown to be, the clear way is gone:

- Expressions that do tell digits apart (`status 404`) are tried on every line that they would match with some
  digits; what is remembered of it is told by the part of its text in which they compare digits.
- A date is read for every new text of it, by a template that no other one can come before, and only if its
  expression cannot look beyond what is compared (`Reach`).
- Lines that are not ASCII, lines without a date, and lines that another template dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

from banish.core.dates import Peek
from banish.core.dates.template import Template
from banish.core.expression import Expression
from banish.core.identity import address_in, derive
from banish.core.match.clear import FRESH, WRITTEN, JailScanner, Mode, Stamped
from banish.core.match.found import Cut, Found, Spans, found, spans
from banish.core.match.page import Page
from banish.core.match.sensitive import Sensitivity
from banish.core.match.stamps import Stamps, second_in
from banish.core.model import NEVER, NO_FIELDS, Hit, Instant, Note, Subject
from banish.core.regex.reach import Reach
from banish.core.rules import JailRules
from banish.core.sessions import LINE_CHARS, Source, Verdict, same, texts_of
from banish.core.window import Line

AT_ONCE = 256  # not final: who compares the ways of judging wants a few lines to go this one
"""Lines that come together for which it pays to find out about expressions; that takes as long as 700 do."""
_IN_ALL: Final = 2_000  # lines for which it pays if they come a few at a time

_MOST: Final = 4_000  # shapes remembered of a jail; some 4 MB
_TEXTS: Final = 4_000  # texts remembered of all shapes of which only the text tells; some 3 MB
_FARTHEST: Final = 12  # characters behind a date that may be compared with it

_SUBJECTS: Final = 8_000

_WEIGHTY: Final = ("fid", "id", "cidr")
"""Groups beside which the address alone does not tell who it was."""

LONG_AGO: Final = Instant(-NEVER)


class Way(Enum):
    """How a line is judged of which its shape does not tell."""

    CLEAR = "line by line"
    UNKNOWN = "not yet known"


@dataclass(slots=True)
class Unclear:
    """Of a shape of which only the text from `start` to `end` tells: what was found, by that text."""

    start: int
    end: int
    texts: dict[str, Found | Way | None] = field(default_factory=dict)


Known: TypeAlias = "tuple[int, dict[str, Instant], Stamps, Found | Unclear | Way | None]"
"""How many characters tell the date, the dates by them, more of these, and what the shape comes to."""


class _Knowledge:
    """What is known of lines while one template dates them: shapes, and dates by where they stand."""

    def __init__(self, template: Template | None) -> None:
        self.template = template
        self.reach = Reach("") if template is None else Reach(template.regex.pattern, template.regex.flags)
        self.known: dict[bytes, Known] = {}
        self.stamps: dict[tuple[Cut, int], Stamps] = {}


class _Content(NamedTuple):
    """What failure expressions are searched in, where that begins in the rest of the line, and the prefix."""

    text: str
    offset: int
    around: Spans


class ShapeScanner(JailScanner):
    """The rules of one jail at work on whole blocks."""

    def __init__(
        self,
        rules: JailRules,
        skip: frozenset[Expression] = frozenset(),
        *,
        tells_fields: bool = True,
        tells_lines: bool = True,
    ) -> None:
        super().__init__(rules, skip, tells_fields=tells_fields, tells_lines=tells_lines)
        self._by_template: dict[int, _Knowledge] = {id(None): _Knowledge(None)}
        self._knowledge = self._by_template[id(None)]
        self._asked: tuple[Mode, Instant] | None = None
        self._latest: tuple[Stamps, str, Instant] | None = None  # of a date: where it stands, its text, when
        self._subjects: dict[str, Subject] = {}
        self._remembering: list[Unclear] = []  # those of which texts are remembered
        self._texts = 0  # how many
        self._sensitivity = Sensitivity(rules)
        self._to_come = _IN_ALL  # lines before it pays
        names = {name for each in (rules.prefix, *rules.failures) if each for name in each.groupindex}
        self._is_plain = not any(name.removeprefix("alt_").startswith(_WEIGHTY) for name in names)

    @property
    def is_usable(self) -> bool:
        """Whether lines can be judged by their shape."""
        return self._sensitivity.is_usable and self._searches.reads_dates

    def scan_page(self, page: Page, mode: Mode, now: Instant, notes: list[Note]) -> list[Hit]:
        """Judge all lines of a block, in their order."""
        if not self._pays(page) or not self.is_usable:
            return super().scan_page(page, mode, now, notes)
        self._begin(mode, now)
        hits: list[Hit] = []
        shapes = self._recollect().known
        oldest = now - self.jail.findtime if mode is Mode.BACKLOG else LONG_AGO
        is_written = mode in WRITTEN
        alike, latest, latest_at = 0, "", now  # lines whose dates are still to be told to the reader
        text, end, number = page.text, 0, page.first - 1
        for shape in page.shapes:
            number += 1  # compiled, `enumerate` takes longer
            start, end = end, end + len(shape)
            line = _bare(text[start : end - 1])
            known = shapes.get(shape)
            at = None if known is None else self._date(known, line, mode, now)
            if at is None:
                self._tell(alike, latest, latest_at, now)
                alike = 0
                known, at = self._meet(line, shape, mode, now, notes)
            if known is None or at is None:
                raw = page.line_at(start)
                hit: Hit | None = self.scan_line(number, self.decode(raw), mode, now, notes)
                shapes = self._recollect().known
            else:
                alike, latest, latest_at = alike + 1, line, at
                if known[3] is None or at < oldest:
                    continue
                clock = at if is_written else now
                if type(known[3]) is Found:
                    hit = self._failure(known[3], number, line, at, clock)
                else:
                    hit = self._judge(known, number, line, at, clock)
            if hit is not None:
                hits.append(hit)
        self._tell(alike, latest, latest_at, now)
        return hits

    def _pays(self, page: Page) -> bool:
        """Whether enough lines have come; of most logs there are never more than a few at a time."""
        if self._to_come > 0:
            self._to_come = 0 if page.count >= AT_ONCE else self._to_come - page.count
        return self._to_come <= 0

    # ------------------------------------------------------------------------------------------ dates

    def _begin(self, mode: Mode, now: Instant) -> None:
        """Forget dates that depend on the present, or on whose clock counts."""
        if self._asked != (mode, now):
            self._asked = mode, now
            for knowledge in self._by_template.values():
                for stamps in knowledge.stamps.values():
                    stamps.clear()
            self._latest = None

    def _recollect(self) -> _Knowledge:
        """Return what is known of lines that are dated as the last one was, unless others may come before."""
        template = self._dates.favourite
        if template is not self._knowledge.template:
            key = id(template)
            if key not in self._by_template:
                self._by_template[key] = _Knowledge(template)
            self._knowledge = self._by_template[key]
        return self._knowledge

    def _tell(self, alike: int, latest: str, at: Instant, now: Instant) -> None:
        """Have the reader learn from lines that it was not asked about."""
        if alike:
            self._dates.repeat(alike, latest, now)
            self._last = at

    def _meet(
        self, line: str, shape: bytes, mode: Mode, now: Instant, notes: list[Note]
    ) -> tuple[Known, Instant] | tuple[None, None]:
        """Read the date of a line, and find out what its shape comes to; nothing: it goes the clear way."""
        template = self._knowledge.template
        peek = self._dates.peek(line, now) if template is not None and line.isascii() else None
        if template is None or peek is None:
            return None, None
        known = self._knowledge.known.get(shape) or self._remember(template, line, shape, peek)
        if known is None or known[2].cut != Cut(peek.start, peek.end):
            return None, None
        at = self._effective(peek.at, line, mode, now, notes)
        known[2].add(line, at, peek)
        return known, at

    def _date(self, known: Known, line: str, mode: Mode, now: Instant) -> Instant | None:
        """Tell the date of a line of a known shape; nothing if it has to be read."""
        latest, stamps = self._latest, known[2]
        if latest is not None and latest[0] is stamps and line.startswith(latest[1]):
            return latest[2]
        text = line[: known[0]]
        at = known[1].get(text) or self._next(stamps, line, mode, now)
        if at is not None:
            self._latest = stamps, text, at
        return at

    def _next(self, stamps: Stamps, line: str, mode: Mode, now: Instant) -> Instant | None:
        """Tell the date of a line from others of its minute; nothing if it has to be read."""
        at = stamps.tell(line)
        if at is None or (mode is Mode.LIVE and abs(int(at - now)) > FRESH):
            return None
        stamps.keep(line, at)
        return at

    def _remember(self, template: Template, line: str, shape: bytes, peek: Peek) -> Known | None:
        compared = self._compared(shape.decode("ascii").rstrip("\r\n"), peek.stop)
        if compared is None:
            return None
        known_of, stamps_of = self._knowledge.known, self._knowledge.stamps
        if len(known_of) >= _MOST:
            known_of.clear()
        cut = Cut(peek.start, peek.end)
        stamps = stamps_of.get((cut, compared))
        if stamps is None:
            stamps = stamps_of[cut, compared] = Stamps(cut, compared, second_in(template, line, peek))
        known = known_of[shape] = compared, stamps.read, stamps, self._study(line, cut)
        return known

    def _compared(self, shape: str, stop: int) -> int | None:
        """Return how many characters tell where the date of such a line ends, and so what it is."""
        for length in range(stop + 1, min(stop + 1 + _FARTHEST, len(shape) + 1)):
            if self._knowledge.reach.ends_with(shape[:length]):
                return length
        return None

    # ----------------------------------------------------------------------------------------- shapes

    def _study(self, line: str, cut: Cut, *, by_text: bool = False) -> Found | Unclear | Way | None:
        """Find out what lines of this shape come to; with `by_text`, what the ones with the same text do."""
        text = line[: cut.start] + line[cut.end :] + "\n"
        if self._has_early_ignore and self._is_ignored(text):
            return None
        content = self._content(text, line, cut)
        if not isinstance(content, _Content):
            return content
        for index, search in self._searches.failures:
            temper = self._sensitivity.failures[index]
            if temper.particular and not by_text:
                if temper.may_match(content.text):
                    return self._unclear(content, line, cut)
                continue
            match = search(content.text)
            if match is not None:
                return self._found(index, match, content, line, cut)
        return None

    def _unclear(self, content: _Content, line: str, cut: Cut) -> Unclear | Way:
        """Return which part of its text tells, if that ends the line; else it is not worth remembering."""
        start = cut.back((content.offset, content.offset), 0, len(line))
        if start is None or line[start.start :] + "\n" != content.text:
            return Way.CLEAR
        tempers = (self._sensitivity.failures[index] for index, _ in self._searches.failures)
        told = [temper.telling(content.text) for temper in tempers if temper.may_match(content.text)]
        if None in told:
            return Unclear(start.start, len(line))
        places = [start.start + place for each in told if each is not None for place in each]
        return Unclear(min(places, default=0), max(places, default=-1) + 1)

    def _content(self, text: str, line: str, cut: Cut) -> _Content | Way | None:
        """Return what failure expressions are searched in: what the prefix leaves of a line."""
        if self._searches.prefix is None:
            return _Content(text, 0, {})
        temper = self._sensitivity.prefix
        if temper.particular:
            return Way.CLEAR if temper.may_match(text) else None
        prefix = self._searches.prefix(text)
        if prefix is None:
            return None
        places = spans(prefix, cut, 0, len(line))
        if places is None:
            return Way.CLEAR
        around = self._derived(prefix.re, places)
        if not around.get("content"):
            return _Content(text, 0, around)
        return _Content(prefix["content"] + "\n", prefix.start("content"), around)

    def _found(
        self, index: int, match: re.Match[str], content: _Content, line: str, cut: Cut
    ) -> Found | Way | None:
        if self._searches.ignores and self._is_ignored(content.text):
            return None
        groups = spans(match, cut, content.offset, len(line))
        return Way.CLEAR if groups is None else found(index, content.around, self._derived(match.re, groups))

    def _derived(self, pattern: re.Pattern[str], groups: Spans) -> Spans:
        if id(pattern) in self._deriving:
            derive(groups)
        return groups

    def _judge(self, known: Known, number: int, line: str, at: Instant, clock: Instant) -> Hit | None:
        """Judge a line by what is known of its shape, or of its text."""
        _, _, stamps, result = known
        cut = stamps.cut
        if isinstance(result, Unclear):
            result = self._of_text(result, line, cut)
        if isinstance(result, Found):
            return self._failure(result, number, line, at, clock)
        if result is None:
            return None
        rest = Line(line[: cut.start], line[cut.start : cut.end], line[cut.end :])
        return self._scan_stamped(number, Stamped(rest, at, clock))

    def _failure(self, found: Found, number: int, line: str, at: Instant, clock: Instant) -> Hit | None:
        """Make a hit of a line that an expression matches, if it is a failure."""
        kind = found.kind
        if found.connection is None:
            if kind.is_quiet:
                return None
            lines: tuple[str, ...] = (line,) if self._tells_lines else ()
            session = None
        else:
            key = line[found.connection.start : found.connection.end]
            if kind.is_quiet and kind.forgets and key not in self._sessions:
                return None  # the end of a connection of which nothing is known
            user = "" if found.user is None else line[found.user.start : found.user.end]
            source: Source = (found.groups_of, line)
            told = line
            if len(line) > LINE_CHARS:
                source, told = (same, found.groups(line)), line[:LINE_CHARS]
            session = self._sessions.tell(key, source, told, clock, user=user, kind=kind)
            if session.verdict is not Verdict.FAILURE:
                return None
            lines = texts_of(session.lines) if self._tells_lines else ()
        if found.address is not None and self._is_plain and not self._tells_fields:
            subject = self._canonical(line[found.address.start : found.address.end])
            # fast path: a fifth of a microsecond of a line; clean twin: `Hit(...)`
            return tuple.__new__(
                Hit, (self.jail.name, subject, at, found.rule, lines, NO_FIELDS, False, number)
            )
        groups = found.groups(line) if session is None else session.fields()
        return self._blamed(number, found.rule, groups, at, lines)

    def _canonical(self, address: str) -> Subject:
        """Return who an IPv4 address is; in an attack, few are many."""
        subject = self._subjects.get(address)
        if subject is None:
            if len(self._subjects) >= _SUBJECTS:
                self._subjects.clear()
            subject = self._subjects[address] = Subject(address_in({"ip4": address}))
        return subject

    def _of_text(self, unclear: Unclear, line: str, cut: Cut) -> Found | Way | None:
        """Return what a line comes to of which only the text tells."""
        text = line[unclear.start : unclear.end]
        known = unclear.texts.get(text, Way.UNKNOWN)
        if known is Way.UNKNOWN:
            if self._texts >= _TEXTS:
                self._forget_texts()
            self._texts += 1
            if not unclear.texts:
                self._remembering.append(unclear)
            result = self._study(line, cut, by_text=True)
            known = unclear.texts[text] = Way.CLEAR if isinstance(result, Unclear) else result
        return known

    def _forget_texts(self) -> None:
        for unclear in self._remembering:
            unclear.texts.clear()
        self._remembering.clear()
        self._texts = 0


def _bare(line: str) -> str:
    """Return a line without carriage returns at its end; hardly any has one."""
    return line.rstrip("\r") if line.endswith("\r") else line
