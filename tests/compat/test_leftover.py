"""Tags that nothing has replaced are told; other words in angle brackets are not."""

from __future__ import annotations

import pytest

from banish.compat.files import MemoryFiles
from banish.compat.jails import read
from banish.compat.leftover import leftover
from banish.core.config import Severity

OPTIONS = frozenset({"_also-normal", "_also-ddos", "mode", "failregex", "_daemon"})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<_also-foo>", '<_also-foo> was not replaced: there is no "foo"; choose one of ddos, normal'),
        ("^a <_nothing> b", "<_nothing> was not replaced, as the filter has no such option"),
        ("^<_also-<mode>> <HOST>", "<mode> becomes an option of that name only in the filter's own file"),
        ("^from <host>", "did you mean <HOST>?"),
        ("^from <Addr>$", "did you mean <ADDR>?"),
        ("^<f-user>x", "did you mean <F-USER>?"),
        ("^<F-USER/> <HOST>", "write <F-USER>…</F-USER>"),
        ("^x</F-USER> <HOST>", "write <F-USER>…</F-USER>"),
    ],
)
def test_a_tag_that_is_left_is_told(text: str, wanted: str) -> None:
    assert wanted in leftover(text, OPTIONS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "^from <HOST> <F-USER>.*</F-USER> <SKIPLINES>",
        r"^(?P<mode>x)(?P<_daemon>y)(?P=mode) (?<=a)(?<!b)<ADDR>",
        r"^<\d+>\d+ <unknown> <W> <NOSRV> <a@b> <ADDR>",
        "{^LN-BEG}<%Y>",
    ],
)
def test_other_words_in_brackets_are_not(text: str) -> None:
    assert "" == leftover(text, OPTIONS)


def test_a_mode_that_does_not_exist_is_told_at_its_place() -> None:
    files = {
        "jail.conf": "[j]\nenabled = 1\nfilter = f[mode=foo]\naction = native[port=1]\n",
        "filter.d/f.conf": "[Definition]\nmode = one\nfailregex = ^a <HOST>$\n  <more-<mode>>\nmore-one =\n",
    }
    [problem] = read(MemoryFiles(files), {}).problems
    assert (Severity.WARNING, "filter.d/f.conf", 4, "j", "failregex", "<more-foo>") == (
        problem.severity,
        problem.file,
        problem.line,
        problem.section,
        problem.key,
        problem.value,
    )
