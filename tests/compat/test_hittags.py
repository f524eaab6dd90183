from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.hittags import Template, shell_words, value_of
from banish.core.model import Field, Hit, Instant, Subject


def hit(subject: str = "192.0.2.5", **fields: Field) -> Hit:
    return Hit("sshd", Subject(subject), Instant(1.5), 0, ("one", "two"), fields)


@pytest.mark.parametrize(
    ("value", "tag", "subject"),
    [
        ("192.0.2.5", "ip", "192.0.2.5"),
        ("192.0.2.5", "fid", "192.0.2.5"),
        ("inet4", "family", "192.0.2.5"),
        ("inet6", "family", "2001:db8::5"),
        ("None", "family", "anna"),
        ("5.2.0.192.", "ip-rev", "192.0.2.5"),
        ("5." + "0." * 23 + "8.b.d.0.1.0.0.2.", "ip-rev", "2001:db8::5"),
        ("", "ip-rev", "anna"),
        ("1", "failures", "x"),
        ("1.5", "time", "x"),
        ("one\ntwo", "matches", "x"),
        ("sshd", "jail.name", "x"),
        ("\n", "br", "x"),
        (" ", "sp", "x"),
        (None, "chain", "x"),
        ("", "F-USER", "x"),
    ],
)
def test_a_tag_stands_for_what_is_known(value: str | None, tag: str, subject: str) -> None:
    assert value == value_of(tag, hit(subject))


def test_fields_have_the_names_of_their_groups() -> None:
    one = hit(user="anna", fport="22", fid="x", users=("a", "b"))
    assert ["anna", "22", "x"] == [value_of(f"F-{name}", one) for name in ("USER", "PORT", "ID")]
    assert "('a', 'b')" == value_of("F-USERS", one)


def test_a_key_is_filled_in_as_it_is() -> None:
    assert "o'neil@192.0.2.5 <chain>" == Template("<F-USER>@<ip> <chain>")(hit(user="o'neil"))


def test_harmless_values_stand_in_the_command() -> None:
    assert ["ask 192.0.2.5 anna <chain>"] == list(shell_words("ask <ip> <F-USER> <chain>", hit(user="anna")))


def test_others_are_handed_over_as_parameters() -> None:
    words = shell_words('report <ip> "<F-USER>"', hit(user="o'neil"))
    assert ['f2bV_F_user=${0} \nreport 192.0.2.5 "$f2bV_F_user"', "o'neil"] == list(words)


def test_more_than_ten_parameters_keep_their_numbers() -> None:
    fields = {f"g{number}": f"${number}" for number in range(12)}
    command = "printf %s, " + " ".join(f'"<F-G{number}>"' for number in range(12))
    output = subprocess.run(
        ["sh", "-c", *shell_words(command, hit(**fields))], capture_output=True, text=True, check=True
    )
    assert [f"${number}" for number in range(12)] == output.stdout.rstrip(",").split(",")


@pytest.mark.slow
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
def test_no_value_becomes_syntax(user: str) -> None:
    words = shell_words('printf %s "<F-USER>"', hit(user=user))
    output = subprocess.run(["sh", "-c", *words], capture_output=True, check=True)
    assert user == output.stdout.decode()
