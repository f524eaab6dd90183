import pytest
from hypothesis import given
from hypothesis import strategies as st

from banish.compat.optionlist import options, parse, split
from banish.core.errors import ConfigError


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ({"a": "1,2", "b": "3"}, 'n[a="1,2", b=3]'),
        ({"a": "1", "b": "2", "c": "3"}, "n[a=1,b=2][c=3]"),
        ({"a": "1", "b": "2"}, "n[a=1]\n  [b=2]"),
        ({"a": 'x"y', "b": "it's"}, "n[a='x\"y', b=\"it's\"]"),
        ({"a": "x]y"}, 'n[a="x]y"]'),
        ({"a": "1"}, "n[a=1,]"),
        ({"a": "1"}, "n[a=1, ]"),
        ({"a": "1"}, "n[a=1][]"),
        ({}, "n[]"),
        ({}, "n"),
        ({"a?family=inet6": "X", "b": "y"}, 'n[a?family=inet6=X, b="y"]'),
        ({"a": '"unterminated'}, 'n[a="unterminated]'),
        ({"a": "b=c"}, "n[a=b=c]"),
        ({"a": "sp"}, 'n[a=" sp "]'),
        ({"a": "1", "b": "'x'"}, "n[ a= 1 , b= 'x' ]"),
        ({"a": "x"}, "n[a='x'\n]"),
        ({"a": "[x"}, "n[a=[x]"),
        ({"a": "2", "A": "3"}, "n[a=1, a=2, A=3]"),
        ({"a-b.c": "1\n2"}, 'n[a-b.c="1\n2"]'),
        ({"a": ""}, "n[a='']"),
    ],
)
def test_options_are_read_as_the_original_reads_them(expected: dict[str, str], text: str) -> None:
    assert ("n", expected) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "n[a=x]y]",
            "n[ a = 1 ]",
            "n[a]",
            "n[a=1,,b=2]",
            'n[a="b" c=1]',
            "n[a=1] x",
            "",
            "[a=1]",
            r'n[a="x\"y"]',
        ),
        *(
            "n[,a=1]",
            "n[a='x'b]",
            "n[][a=1]",
            "n[a=b]]",
            "n[a='x' , b=1]",
            "n[",
            "n[a=1]b[c=1]",
            "n[a=1],",
            "n[a?=1]",
        ),
    ],
)
def test_what_the_original_refuses_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        parse(text)


def test_an_error_quotes_the_place() -> None:
    with pytest.raises(ConfigError, match=r'"b" behind option a \(character 5\)'):
        parse("n[a='x'b]")
    with pytest.raises(ConfigError, match=r'"a" \(character 0\); write key=value'):
        parse("n[a]")


def test_a_blank_before_the_bracket_belongs_to_the_name() -> None:
    assert ("name ", {"a": "1"}) == parse("name [a=1]")


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (['a[x="1 2",\n y=3]', "b"], 'a[x="1 2",\n y=3]\n b'),
        (["a[x=1]\n[y=2]"], "a[x=1]\n[y=2]"),
        (["a[x=1 y]", "b"], "a[x=1 y] b"),
        (["a[x=1],", "b"], "a[x=1], b"),
        (["a[x=1", "b"], "a[x=1 b"),
        (["a[x=1]b", "c"], "a[x=1]b c"),
        (["a [x=1]", "b"], "a [x=1] b"),
        (['a[x="1 2"]', "b[y='3 4]']", "c"], "a[x=\"1 2\"] b[y='3 4]'] c"),
        (["a[]", "b[x=1, ]", "c"], "a[] b[x=1, ] c"),
        (['a[x="1"y]', "b"], 'a[x="1"y] b'),
        ([], " \n "),
    ],
)
def test_a_value_is_split_into_items_as_the_original_does(expected: list[str], text: str) -> None:
    assert expected == split(text)


def test_a_long_list_that_is_never_closed_is_split_in_no_time() -> None:
    assert 1 == len(split("a[" + 'x="1",' * 5000))


WORDS = st.text(alphabet="abc ,=[]'\n", max_size=8)


@pytest.mark.slow
@given(st.dictionaries(st.from_regex(r"[a-z][a-z.-]{0,5}", fullmatch=True), WORDS))
def test_what_is_written_in_quotes_is_read_back(written: dict[str, str]) -> None:
    text = "name[" + ", ".join(f'{key}="{value}"' for key, value in written.items()) + "]"
    expected = {key: value.strip() for key, value in written.items()}
    assert ("name", expected) == parse(text)
    assert [text, "other"] == split(f"{text} other")


@given(st.text(alphabet="ab=,'\"[] \n?"))
def test_no_text_is_too_odd(text: str) -> None:
    assert "".join(text.split()) == "".join("".join(split(text)).split())
    try:
        options(text)
        parse(text)
    except ConfigError:
        pass
