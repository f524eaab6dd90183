import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.text import Fault, Spot, Text, join
from banish.core.config import Severity

A, B, C = Spot("a", 1), Spot("b", 2), Spot("c", 3)
WRITTEN = st.text(alphabet="ab \n", max_size=12)


def test_every_line_keeps_its_spot_when_a_text_is_cut() -> None:
    text = Text("one\ntwo\nthree", (A, B, C))
    assert Text("wo\nth", (B, C)) == text.cut(5, 10)
    assert Text("three", (C,)) == text.cut(8)


@given(WRITTEN, st.sampled_from(["a", "\n", "a\nb", " "]))
def test_what_is_split_are_the_pieces_that_cutting_gives(written: str, separator: str) -> None:
    text = Text(written, tuple(Spot("f", line) for line in range(written.count("\n") + 1)))
    start, cut = 0, []
    for part in written.split(separator):
        cut.append(text.cut(start, start + len(part)))
        start += len(part) + len(separator)
    assert cut == list(text.split(separator))


def test_a_joined_line_stands_where_its_first_written_part_does() -> None:
    outer, inner = Text("x ", (A,)), Text("y\nz", (B, C))
    assert Text("x y\nz!", (A, C)) == join([outer, inner, Text("!", (A,))])


def test_a_blank_beginning_of_a_line_does_not_count_as_written() -> None:
    assert Text("  y", (B,)) == join([Text("  ", (A,)), Text("y", (B,))])
    assert Text("\ny", (A, B)) == join([Text("\n", (A, A)), Text("y", (B,))])


def test_nothing_joined_is_an_empty_text() -> None:
    assert Text.at("") == join([])
    assert "" == join([Text.at(""), Text.at("")]).text


def test_a_text_stands_where_its_first_line_that_is_not_blank_stands() -> None:
    assert B == Text("\nx", (A, B)).spot
    assert A == Text("\n", (A, B)).spot


@pytest.mark.slow
@given(st.lists(WRITTEN))
def test_there_is_a_spot_for_every_line_however_texts_are_joined(parts: list[str]) -> None:
    text = join(Text.at(part, A) for part in parts)
    assert "".join(parts) == text.text
    assert text.text.count("\n") + 1 == len(text.spots)


@pytest.mark.slow
@given(WRITTEN, st.integers(0, 12), st.integers(0, 12))
def test_there_is_a_spot_for_every_line_however_a_text_is_cut(written: str, start: int, end: int) -> None:
    text = Text.at(written, A).cut(start, end)
    assert written[start:end] == text.text
    assert start > len(written) or text.text.count("\n") + 1 == len(text.spots)


def test_a_fault_tells_place_value_and_cure() -> None:
    fault = Fault("not a duration; write 10m", Spot("jail.local", 14), "sshd", "bantime", "10 mins")
    assert 'jail.local:14 [sshd] bantime = "10 mins": not a duration; write 10m' == str(fault)
    problem = fault.problem("sshd", Severity.WARNING)
    assert ("sshd", Severity.WARNING) == (problem.jail, problem.severity)
