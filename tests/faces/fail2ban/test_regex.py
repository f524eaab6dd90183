from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from banish.faces.fail2ban import regex as command

Regex = Callable[..., tuple[int, str]]


def test_what_is_used_is_told_first(regex: Regex, tree: Path) -> None:
    status, output = regex("-vv", "-c", tree, tree / "log", "web[verb=login]", "own")
    assert 0 == status
    assert f"""
Running tests
=============

Use             jail : web
Use jail/flt options : {{'verb': 'login'}}
Real  filter options : {{'logtype': 'file', 'verb': 'login', 'backend': 'auto'}}
Use      datepattern : ^%Y-%m-%d %H:%M:%S : ^Year-Month-Day 24hour:Minute:Second
Use ignoreregex line : own
Use         log file : {tree / "log"}
Use         encoding : utf-8


Results
=======
""" == output.partition("\nFailregex")[0].replace("UTF-8", "utf-8")


@pytest.mark.parametrize(
    ("words", "use"),
    [
        (["x", "no id"], "Use   failregex line : no id\n"),
        (["x", "(<HOST>"], "Use   failregex line : (<HOST>\n"),
        (["x", "<HOST>", "(x"], "Use ignoreregex line : (x\n"),
        (["-e", "klingon", "x", "<HOST>"], ""),
        (["-c", "/nowhere", "x", "web"], "=============\n"),
        (["systemd-journal[x", "<HOST>"], ""),
    ],
)
def test_what_cannot_be_tried_ends_with_255_below_what_causes_it(
    regex: Regex, words: list[str], use: str
) -> None:
    status, output = regex(*words)
    assert 255 == status
    assert use in output.partition("\nERROR: ")[0] + "\n"
    assert "\nERROR: " in output


def test_an_odd_option_is_told_before_anything_else(regex: Regex) -> None:
    status, output = regex("-l", "loud", "x", "<HOST>")
    assert 255 == status
    assert output.startswith('ERROR: "loud" is no log level')


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (True, ["x", "no id"]),
        (True, ["x", "(<HOST>"]),
        (True, ["x", "lost"]),
        (True, ["x", "twice"]),
        (True, ["--TZ", "Mars", "x", "<HOST>"]),
        (False, ["x", "dangling"]),
        (False, ["x", "circle"]),
        (False, ["x", "late"]),
        (False, ["-l", "loud", "x", "<HOST>"]),
        (False, ["-e", "klingon", "x", "<HOST>"]),
        (False, ["-d", "(", "x", "<HOST>"]),
    ],
)
def test_what_the_original_dies_of_is_told_where_programs_do_not_read(
    capsys: pytest.CaptureFixture[str], tree: Path, words: list[str], *, said: bool
) -> None:
    filters = {
        "dangling": "failregex = %(nowhere)s",
        "circle": "failregex = <a>\na = <b>\nb = <a>",
        "twice": "failregex = a\nfailregex = b",
    }
    for name, text in filters.items():
        (tree / "filter.d" / f"{name}.conf").write_text(f"[Definition]\n{text}\n")
    (tree / "jail.local").write_text("[lost]\nfilter = nosuch\n[late]\nfilter = twice\n")
    assert 255 == command.main(["-c", str(tree), "-o", "id", *words])
    captured = capsys.readouterr()
    told, silent = (captured.out, captured.err) if said else (captured.err, captured.out)
    assert (True, "") == (told.startswith("ERROR: "), silent)


def test_only_failures_are_printed_if_that_is_wanted(regex: Regex, tree: Path) -> None:
    expected = "192.0.2.1\n2001:db8::7\n192.0.2.2\n"
    assert (0, expected) == regex("-c", tree, "-o", "id", tree / "log", "web")
    fields = "{'mlfid': 'c1', 'ip4': '192.0.2.1', 'ip6': None, 'user': 'anna', 'users': {'anna'}}"
    expected = f"['192.0.2.1',\t1795168802.0,\t{fields}],\n"
    assert (0, expected) == regex("-c", tree, "-o", "row", tree / "story.log", "story")


def test_or_only_the_other_lines(regex: Regex, tree: Path) -> None:
    _, output = regex("-c", tree, "-i", "-o", "msg", tree / "log", "web")
    assert [
        "2026-11-20 10:00:04 probe from 198.51.100.97",
        "2026-11-20 10:00:05 something else",
        "no date at all",
    ] == (output.splitlines())


def test_an_error_is_printed_also_where_failures_are(regex: Regex) -> None:
    status, output = regex("-o", "id", "x", "no id")
    assert 255 == status
    assert output.startswith("ERROR: ")


def test_the_first_expression_is_enough_if_that_is_wanted(regex: Regex, tree: Path) -> None:
    _, output = regex("--no-check-all", "-c", tree, tree / "story.log", "story")
    assert "\nFailregex: 2 total\n" in output
    assert "0 ignored, 2 matched, 2 missed" in output


def test_names_are_asked_for_and_the_log_tells(regex: Regex) -> None:
    text = "2026-11-20 10:00:01 from " + "a" * 300
    _, output = regex("-l", "warning", text, "from <HOST>")
    assert "WARNING Unable to find a corresponding IP address for aaa" in output
    assert "0 matched, 1 missed" in output
    _, output = regex("-r", "-o", "dns", text, "from <HOST>")
    assert "a" * 300 + "\n" == output


def test_bytes_that_are_no_text_can_be_printed(regex: Regex) -> None:
    assert 0 == regex("from \udcff", "<HOST>")[0]


def test_standard_output_need_not_be_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert 0 == command.main(["x", "<HOST>"])


def test_an_interrupt_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_run", interrupted)
    assert 255 == command.main(["x", "<HOST>"])


@pytest.mark.slow
@pytest.mark.parametrize("word", [[sys.executable, "-m", "banish.faces.fail2ban.regex"]])
def test_it_is_a_command(word: list[str], tree: Path) -> None:
    run = subprocess.run(
        [*word, "-c", str(tree), "-o", "id", str(tree / "log"), "web"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert 3 == len(run.stdout.splitlines())


@pytest.mark.slow
def test_a_reader_who_has_seen_enough_is_no_error(tree: Path) -> None:
    with (tree / "many").open("w") as file:
        file.writelines(f"from 192.0.2.1 {number}\n" for number in range(20_000))
    words = [
        sys.executable,
        "-m",
        "banish.faces.fail2ban.regex",
        "-o",
        "msg",
        str(tree / "many"),
        "from <HOST>",
    ]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (0, b"") == (process.wait(20), process.stderr.read())
