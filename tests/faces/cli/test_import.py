from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from tests.adapters.store.fail2ban import row, write

from banish.adapters.store import takeover
from banish.adapters.store.sqlite import SqliteStore
from banish.core.model import Instant
from banish.faces.cli import main as cli


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(cli.COMMANDS, "import", "take over what fail2ban remembered")
    monkeypatch.setattr(takeover, "USUAL", tmp_path / "usual")


@pytest.fixture
def conf(tmp_path: Path) -> Path:
    directory = tmp_path / "etc"
    directory.mkdir()
    (directory / "jail.local").write_text(
        "[web]\nenabled = true\nlogpath = /x.log\nbantime = 1h\nfilter = w\n"
    )
    (directory / "filter.d").mkdir()
    (directory / "filter.d" / "w.conf").write_text("[Definition]\nfailregex = from <HOST>$\n")
    configure(directory, str(tmp_path / "state" / "b.sqlite3"))
    return directory


def configure(directory: Path, dbfile: str) -> None:
    (directory / "fail2ban.local").write_text(f"[Definition]\ndbfile = {dbfile}\n")


def bans(path: Path) -> dict[str, float]:
    now = Instant(time.time())
    store = SqliteStore(path, now)
    try:
        return {ban.subject: ban.until - ban.at for ban in store.bans(now)}
    finally:
        store.close()


def test_an_import_tells_what_it_found_and_what_was_new(
    tmp_path: Path, conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = int(time.time()) - 60
    source = write(tmp_path / "f2b", [row("192.0.2.1", at), row("192.0.2.2", 1000), row(b"odd", at)])
    assert 0 == cli.main(["import", "-c", str(conf), str(source)])
    ours = tmp_path / "state" / "b.sqlite3"
    assert (
        f"{source} (schema 4)\n"
        "  1 ban in force, 1 ban that ended\n"
        "  0 logs to be read on from where fail2ban stopped\n"
        "  1 row left out: they make no sense\n"
        f"2 bans new in {ours}, 0 known already\n"
    ) == capsys.readouterr().out
    assert {"192.0.2.1": 600} == bans(ours)


def test_programs_read_json(tmp_path: Path, conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "usual", [row()])
    for new in (1, 0):
        assert 0 == cli.main(["import", "--json", "-c", str(conf)])
        expected = {
            "file": str(source),
            "store": str(tmp_path / "state" / "b.sqlite3"),
            "schema": 4,
            "bans": 0,
            "earlier": 1,
            "logs": 0,
            "new": new,
            "left_out": 0,
        }
        assert expected == json.loads(capsys.readouterr().out)


def test_a_dry_run_takes_nothing_over(tmp_path: Path, conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "f2b", [row()])
    assert 0 == cli.main(["import", "--dry-run", "-c", str(conf), str(source)])
    assert capsys.readouterr().out.endswith("nothing was taken over: this was a dry run\n")
    assert not (tmp_path / "state").exists()


def test_bans_of_old_releases_last_as_long_as_their_jail_bans(tmp_path: Path, conf: Path) -> None:
    source = write(tmp_path / "f2b", [row("192.0.2.1", int(time.time()) - 60, jail="web")], version=2)
    assert 0 == cli.main(["import", "-c", str(conf), str(source)])
    assert {"192.0.2.1": 3600} == bans(tmp_path / "state" / "b.sqlite3")


def test_nothing_to_import_from_is_a_negative_answer(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == cli.main(["import", "-c", str(conf)])
    assert "there is no database of fail2ban" in capsys.readouterr().err


def test_nowhere_to_keep_it_is_a_negative_answer(conf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    configure(conf, "None")
    assert 1 == cli.main(["import", "-c", str(conf)])
    assert "nothing is kept over a restart" in capsys.readouterr().err


def test_a_file_that_cannot_be_used_is_trouble(
    tmp_path: Path, conf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter").write_text("no database" * 100)
    assert 2 == cli.main(["import", "-c", str(conf), str(tmp_path / "letter")])
    assert "banish: " in capsys.readouterr().err
    assert {} == bans(tmp_path / "state" / "b.sqlite3")
