from collections.abc import Mapping, Sequence

from banish.compat.files import Files, MemoryFiles
from banish.compat.layers import Units
from banish.compat.unit import Unit
from banish.core.errors import ConfigError


class Unreadable:
    """Files of which some cannot be read."""

    def __init__(self, files: Files, unreadable: Sequence[str]) -> None:
        self._files = files
        self._unreadable = unreadable

    def text(self, path: str) -> str | None:
        if path in self._unreadable:
            raise ConfigError("permission denied")
        return self._files.text(path)

    def names(self, folder: str) -> Sequence[str]:
        return self._files.names(folder)


def read(texts: Mapping[str, str], *names: str, unreadable: Sequence[str] = ()) -> Unit:
    return Units(Unreadable(MemoryFiles(texts), unreadable)).unit(*(names or ("jail",)))


def order(texts: Mapping[str, str], name: str = "jail") -> str:
    """Return the files in the order in which they are laid over each other, each where it is first."""
    unit = read({path: f"{text}\n[{path}]" for path, text in texts.items()}, name)
    return " ".join(section for section in unit.sections if section != "INCLUDES" and "KNOWN" not in section)


INCLUDE = "[INCLUDES]\n"


def test_a_unit_is_conf_then_its_folder_then_local_then_its_folder_again() -> None:
    texts = dict.fromkeys(
        [
            "jail.d/b.local",
            "jail.d/a.local",
            "jail.local",
            "jail.d/b.conf",
            "jail.d/a.conf",
            "jail.conf",
            "jail.d/.x.conf",
        ],
        "",
    )
    assert "jail.conf jail.d/a.conf jail.d/b.conf jail.local jail.d/a.local jail.d/b.local" == order(texts)


def test_a_filter_has_a_folder_of_its_own_too() -> None:
    texts = dict.fromkeys(["filter.d/sshd.conf", "filter.d/sshd.d/x.conf", "filter.d/sshd.local"], "")
    assert "filter.d/sshd.conf filter.d/sshd.d/x.conf filter.d/sshd.local" == order(texts, "filter.d/sshd")


def test_includes_come_before_and_after_each_with_its_local() -> None:
    texts = {
        "jail.conf": INCLUDE + "before = paths-debian.conf\nafter = end.conf",
        "paths-debian.conf": INCLUDE + "before = paths-common.conf\nafter = paths-overrides.local",
        "paths-common.conf": INCLUDE + "after = paths-overrides.local",
        "paths-overrides.local": "",
        "paths-debian.local": "",
        "end.conf": "",
        "end.local": "",
        "jail.local": "",
    }
    expected = (
        "paths-common.conf paths-overrides.local paths-debian.conf paths-debian.local "
        "jail.conf end.conf end.local jail.local"
    )
    assert expected == order(texts)


def test_there_is_one_include_per_line_and_blanks_belong_to_the_path() -> None:
    texts = {
        "jail.conf": INCLUDE + "before = a.conf\n  b.conf\n  c d.conf, e.conf",
        "a.conf": "",
        "b.conf": "",
        "e.conf": "",
    }
    assert "a.conf b.conf jail.conf" == order(texts)


def test_an_include_can_be_made_of_what_its_own_file_says() -> None:
    unit = read(
        {
            "jail.conf": "[INCLUDES]\nbefore = %(x)s.conf\n[DEFAULT]\nx = a\n[j]\n",
            "jail.local": "[DEFAULT]\nx = b\n",
            "a.conf": "[A]\n",
            "b.conf": "[B]\n",
        }
    )
    assert ["A", "INCLUDES", "j"] == list(unit.sections)


def test_an_include_that_refers_to_nothing_is_a_fault_of_the_unit() -> None:
    unit = read({"jail.conf": "[INCLUDES]\nbefore = %(x)s.conf\n[j]\n"})
    assert ["INCLUDES"] == [fault.section for fault in unit.faults]


def test_a_file_that_includes_itself_does_no_harm() -> None:
    texts = {
        "jail.conf": INCLUDE + "before = jail.conf",
        "jail.local": INCLUDE + "before = a.conf",
        "a.conf": INCLUDE + "after = jail.local",
    }
    assert "jail.conf a.conf jail.local" == order(texts)
    assert () == read(texts).faults


def test_a_tangle_of_includes_ends_in_a_fault() -> None:
    everyone = INCLUDE + "before = " + "\n  ".join(f"{name}.conf" for name in "abcdefghij")
    unit = read({"jail.conf": everyone, **{f"{name}.conf": everyone for name in "abcdefghij"}})
    assert ["the includes lead to more than 1000 files, some of them in circles"] == [
        f.text for f in unit.faults
    ]


def test_a_long_chain_of_includes_ends_in_a_fault() -> None:
    chain = {f"{number}.conf": INCLUDE + f"before = {number + 1}.conf" for number in range(100)}
    unit = read({"jail.conf": INCLUDE + "before = 0.conf", **chain})
    assert ["files include each other more than 50 deep"] == [fault.text for fault in unit.faults]


def values(unit: Unit, section: str) -> dict[str, str]:
    return {key: value.text for key, value in unit.sections[section].items()}


def test_a_later_file_overrides_and_what_it_overrides_is_known() -> None:
    unit = read(
        {"jail.conf": "[A]\na=1\nb=1\n", "jail.d/x.conf": "[A]\na=2\n", "jail.local": "[A]\na=3\nc=3\n"}
    )
    assert {"a": "3", "b": "1", "c": "3"} == values(unit, "A")
    assert {"a": "2"} == values(unit, "KNOWN/A")


def test_defaults_of_a_later_file_override_and_nothing_is_known_of_them() -> None:
    unit = read({"jail.conf": "[DEFAULT]\na=1\n[A]\nb=1\n", "jail.local": "[DEFAULT]\na=2\n"})
    assert ("2", ["A"]) == (unit.defaults["a"].text, list(unit.sections))


def test_sections_stand_in_the_order_of_their_first_appearance() -> None:
    unit = read({"jail.conf": "[b]\n[a]\n", "jail.local": "[c]\n[a]\n"})
    assert ["b", "a", "c"] == [name for name in unit.sections if not name.startswith("KNOWN/")]


def test_a_conditional_section_is_folded_into_the_plain_one() -> None:
    unit = read({"jail.conf": "[Init]\na=4\n[Init?family=inet6]\na=6\n[In-it?x=y]\nb=1\n"})
    assert {"a": "4", "a?family=inet6": "6"} == values(unit, "Init")
    assert {"b": "1"} == values(unit, "In-it?x=y")


def test_several_units_can_be_read_as_one() -> None:
    unit = read(
        {"banish.conf": "[D]\na=2\n", "fail2ban.conf": "[D]\na=1\n", "fail2ban.local": "[D]\na=3\nb=3\n"},
        "fail2ban",
        "banish",
    )
    assert {"a": "2", "b": "3"} == values(unit, "D")


def test_a_unit_without_any_file_cannot_be_read() -> None:
    assert (False, ()) == (read({}).is_readable, read({}).faults)
    assert read({"jail.local": ""}).is_readable


def test_a_file_of_the_first_rank_that_cannot_be_read_makes_the_unit_unreadable() -> None:
    unit = read({"jail.conf": "[A]\n", "jail.local": "[B]\n"}, unreadable=["jail.local"])
    assert (False, ["cannot be read: permission denied"], ["A"]) == (
        unit.is_readable,
        [fault.text for fault in unit.faults],
        list(unit.sections),
    )


def test_an_included_file_that_cannot_be_read_is_skipped() -> None:
    unit = read({"jail.conf": "[INCLUDES]\nbefore=a.conf\n[A]\n"}, unreadable=["a.conf"])
    assert (True, (), 1) == (unit.is_readable, unit.faults, len(unit.skipped))


def test_a_file_read_twice_tells_its_faults_once() -> None:
    unit = read({"jail.conf": "[INCLUDES]\nbefore=a.conf\n  a.conf\n", "a.conf": "junk"})
    assert 1 == len(unit.faults)


def test_a_unit_is_read_once() -> None:
    units = Units(MemoryFiles({"jail.conf": ""}))
    assert units.unit("jail") is units.unit("jail")


def test_a_file_that_cannot_be_read_exists_nevertheless() -> None:
    units = Units(Unreadable(MemoryFiles({"a": ""}), ["b"]))
    assert (True, True, False) == (units.exists("a"), units.exists("b"), units.exists("c"))
