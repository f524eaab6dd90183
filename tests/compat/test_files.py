import pytest

from banish.compat.files import MemoryFiles, Overlay, beside, normal, stem


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        ("a/b/d", "a//b/./c/../d"),
        ("/opt/x", "/opt/../opt/x"),
        ("../x", "../x"),
        ("../../x", "../../x"),
        ("./f.conf", "./f.conf"),
        ("x", "a/../x"),
    ],
)
def test_a_path_has_one_spelling(expected: str, path: str) -> None:
    assert expected == normal(path)


@pytest.mark.parametrize(
    ("expected", "path", "other"),
    [
        ("filter.d/common.conf", "filter.d/sshd.conf", "common.conf"),
        ("paths.conf", "filter.d/sshd.conf", "../paths.conf"),
        ("paths.conf", "jail.conf", "paths.conf"),
        ("/opt/x.conf", "jail.conf", "/opt/x.conf"),
        ("./common.conf", "./f.conf", "common.conf"),
        ("/opt/common.conf", "/opt/f.conf", "common.conf"),
    ],
)
def test_an_include_is_seen_from_its_own_folder(expected: str, path: str, other: str) -> None:
    assert expected == beside(path, other)


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        ("filter.d/sshd", "filter.d/sshd.conf"),
        ("a.b/c", "a.b/c"),
        ("x/.conf", "x/.conf"),
        ("f.conf", "f.conf.conf"),
    ],
)
def test_the_stem_is_the_path_without_its_extension(expected: str, path: str) -> None:
    assert expected == stem(path)


def test_a_file_of_the_upper_tree_replaces_the_lower_one() -> None:
    upper = MemoryFiles({"jail.conf": "upper", "jail.d/b.conf": "b"})
    lower = MemoryFiles({"jail.conf": "lower", "paths.conf": "paths", "jail.d/a.conf": "a"})
    tree = Overlay(upper, lower)
    assert ("upper", "paths", None) == (tree.text("jail.conf"), tree.text("paths.conf"), tree.text("none"))
    assert ["a.conf", "b.conf"] == tree.names("jail.d")


def test_a_folder_has_the_names_that_are_directly_in_it() -> None:
    files = MemoryFiles({"a/b/c": "", "a/d": "", "e": ""})
    assert (["b", "d"], []) == (files.names("a"), files.names("x"))
