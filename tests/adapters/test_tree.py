from pathlib import Path

import pytest

from banish.adapters import tree
from banish.adapters.tree import DEFAULTS, DirectoryFiles, find, services
from banish.compat.files import MemoryFiles, Overlay
from banish.compat.jails import read
from banish.core.config import LogPath, Scope, ServerConfig
from banish.core.errors import ConfigError


def test_a_directory_is_read_relative_to_its_root_or_by_absolute_path(tmp_path: Path) -> None:
    (tmp_path / "filter.d").mkdir()
    (tmp_path / "filter.d/a.conf").write_text("ä\r\n", newline="")
    files = DirectoryFiles(tmp_path)
    assert "ä\r\n" == files.text("filter.d/a.conf") == files.text(str(tmp_path / "filter.d/a.conf"))
    assert (["a.conf"], ()) == (files.names("filter.d"), files.names("action.d"))


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = DirectoryFiles(tmp_path)
    assert (None, None, ()) == (files.text("a"), files.text("file/a"), files.names("file"))


def test_a_path_with_a_dot_is_seen_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.conf").write_text("x")
    assert "x" == DirectoryFiles(Path("/nowhere")).text("./f.conf")


def test_a_file_in_another_encoding_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"ok\nb\xe4d")
    with pytest.raises(ConfigError, match=r"a:2: not UTF-8; save the file in that encoding"):
        DirectoryFiles(tmp_path).text("a")


def test_what_cannot_be_opened_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(ConfigError, match=r"a: Is a directory"):
        DirectoryFiles(tmp_path).text("a")
    with pytest.raises(ConfigError, match="null"):
        DirectoryFiles(tmp_path).text("a\0b")


def test_a_folder_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ConfigError, match="symbolic links"):
        DirectoryFiles(tmp_path).names("loop")


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LARGEST", 5)
    (tmp_path / "a").write_text("123456")
    with pytest.raises(ConfigError, match="larger than 5 bytes"):
        DirectoryFiles(tmp_path).text("a")


def test_a_directory_that_is_named_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such directory"):
        find(str(tmp_path / "none"))
    assert tmp_path == find(str(tmp_path)).root


def test_without_a_name_the_first_place_that_exists_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = tmp_path / "banish", tmp_path / "fail2ban"
    monkeypatch.setattr(tree, "PLACES", (ours, theirs))
    assert DEFAULTS == find().root
    theirs.mkdir()
    assert theirs == find().root
    ours.mkdir()
    assert ours == find().root


def test_the_operators_files_lie_on_top_of_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "jail.conf").write_text("mine")
    files = find(str(tmp_path)).files
    assert "mine" == files.text("jail.conf")
    assert "sshd.conf" in files.names("filter.d")


def test_services_are_those_of_the_machine_and_the_usual_ones(tmp_path: Path) -> None:
    path = tmp_path / "services"
    path.write_text("# none 1/tcp\nssh\t2222/tcp\t\tSecure shell # no\nssh 9/udp\nbroken\n")
    found = services(path)
    assert (2222, 2222, 2222, 80) == tuple(found[name] for name in ("ssh", "secure", "shell", "http"))
    assert {"none", "no", "broken"}.isdisjoint(found)
    assert 22 == services(tmp_path / "missing")["ssh"]


def test_the_defaults_protect_ssh_without_a_problem() -> None:
    reading = read(DirectoryFiles(DEFAULTS), services())
    assert () == reading.problems
    (jail,) = reading.config.jails
    assert ("sshd", (LogPath("/var/log/auth.log"),)) == (jail.name, jail.logpaths)
    assert (Scope("tcp", ((22, 22),)),) == jail.scopes
    assert [600, 600, 5] == [int(jail.bantime), int(jail.findtime), jail.maxretry]
    assert ServerConfig(logtarget="/var/log/banish.log") == reading.config.server


@pytest.mark.parametrize("mode", ["normal", "ddos", "extra", "aggressive"])
@pytest.mark.parametrize("publickey", ["nofail", "invalid", "any", "ignore"])
def test_every_mode_of_the_default_filter_can_be_read(mode: str, publickey: str) -> None:
    text = f"[sshd]\nfilter = sshd[mode={mode}, publickey={publickey}]\n"
    reading = read(Overlay(MemoryFiles({"jail.local": text}), DirectoryFiles(DEFAULTS)), services())
    assert () == reading.problems
    assert "<_" not in "".join(rule.text for rule in reading.config.jails[0].failregex)
