from __future__ import annotations

from pathlib import Path

import pytest

from banish.adapters.sources import rotation
from banish.adapters.sources.position import Position
from banish.adapters.sources.reader import Reader


def between(log: Path, old: str, young: str | None = None) -> list[str]:
    before = log.with_name(old).stat().st_ino
    behind = log.with_name(young).stat().st_ino if young else 0
    return [Path(name).name for name in rotation.between(str(log), before, behind, {str(log)})]


@pytest.mark.parametrize(
    ("names", "old", "expected"),
    [
        ("x.log.1 x.log.2 x.log.3 x.log.10", "x.log.3", ["x.log.2", "x.log.1"]),
        ("x.log.9 x.log.10 x.log.11", "x.log.10", ["x.log.9"]),
        ("x.log-20240101 x.log-20240108 x.log-20240115", "x.log-20240108", ["x.log-20240115"]),
        ("x.log-20240101-1704067200 x.log-20240101-1704067300", "x.log-20240101-1704067200",
         ["x.log-20240101-1704067300"]),
        ("x-2024-01-01.log x-2024-01-02.log y-2024-01-03.log", "x-2024-01-01.log", ["x-2024-01-02.log"]),
        ("x.1.log x.2.log", "x.2.log", ["x.1.log"]),
        ("x.log.2 x.log.1.gz x.log.1.bak x.log.bak x.log-20240101 xx.log.1", "x.log.2", []),
        ("x.log.old x.log.1", "x.log.old", []),
        ("x.log.1" + "1" * 200 + "x x.log.2 x.log.1", "x.log.2", ["x.log.1"]),
    ],
)  # fmt: skip
def test_successors_are_known_by_their_names(
    tmp_path: Path, names: str, old: str, expected: list[str]
) -> None:
    for name in names.split():
        (tmp_path / name).touch()
    (tmp_path / "x.log").touch()
    (tmp_path / "x.log.0").mkdir()
    assert expected == between(tmp_path / "x.log", old)


def test_successors_end_before_the_younger_file(tmp_path: Path) -> None:
    for number in range(1, 6):
        (tmp_path / f"x.log.{number}").touch()
    assert ["x.log.4", "x.log.3"] == between(tmp_path / "x.log", "x.log.5", "x.log.2")


def position_of(path: Path) -> Position:
    reader = Reader(str(path))
    reader.read()
    reader.close()
    return reader.position


def found(reader: Reader | None) -> tuple[int, int] | None:
    if reader:
        reader.close()
    return (reader.key[1], reader.offset) if reader else None


def test_a_file_is_found_under_its_new_name(tmp_path: Path) -> None:
    log, old = tmp_path / "x.log", tmp_path / "anything"
    log.write_bytes(b"one\n")
    position = position_of(log)
    assert (position.inode, 4) == found(rotation.located(str(log), position, {str(log)}))
    log.rename(old)
    assert (position.inode, 4) == found(rotation.located(str(log), position, {str(log)}))
    assert found(rotation.located(str(log), position, {str(log), str(old)})) is None
    old.write_bytes(b"two\n")
    assert found(rotation.located(str(log), position, {str(log)})) is None


def test_a_renamed_file_is_found_beside_the_target_of_a_link(tmp_path: Path) -> None:
    link, log = tmp_path / "link.log", tmp_path / "real" / "x.log"
    log.parent.mkdir()
    log.write_bytes(b"one\n")
    link.symlink_to(log)
    position = position_of(link)
    log.rename(log.with_name("x.log.1"))
    log.touch()
    assert (position.inode, 4) == found(rotation.located(str(link), position, {str(link)}))


def test_a_copy_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    log.write_bytes(b"one\n")
    position = position_of(log)
    for name, content in (("x.log.1", b"One\n"), ("x.log.2", b"one\ntwo\n"), ("y.log", b"one\n")):
        (tmp_path / name).write_bytes(content)
    inode = (tmp_path / "x.log.2").stat().st_ino
    assert (inode, 4) == found(rotation.copied(str(log), position, {str(log)}))
    (tmp_path / "x.log.2").unlink()
    assert found(rotation.copied(str(log), position, {str(log)})) is None
    assert found(rotation.copied(str(log), Position(1, 2, 0), {str(log)})) is None


def test_a_missing_directory_holds_nothing(tmp_path: Path) -> None:
    assert found(rotation.located(str(tmp_path / "no" / "x.log"), Position(1, 2, 0), ())) is None


def test_a_directory_that_changes_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "x.log"
    full = [(f"{log}.{number}", 10 - number) for number in (1, 2, 3)]
    lists = iter([full[:1], full[1:], full, full, []])
    monkeypatch.setattr(rotation, "_listed", lambda *_: next(lists))
    assert [f"{log}.2", f"{log}.1"] == rotation.between(str(log), 7, 0, ())
    lists = iter([[(f"{log}.{number}", number)] for number in range(9)])
    assert [] == rotation.between(str(log), 7, 0, ())
    assert (f"{log}.6", 6) == next(lists)[0]
