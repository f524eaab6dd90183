import pytest

from banish.compat.files import MemoryFiles
from banish.compat.filters import Filter
from banish.compat.layers import Units
from banish.compat.text import Fault, Text


def texts(values: dict[str, str]) -> dict[str, Text]:
    return {key: Text.at(value) for key, value in values.items()}


def source(text: str, arguments: dict[str, str] | None = None, backend: str = "auto") -> Filter:
    unit = Units(MemoryFiles({"filter.d/f.conf": text})).unit("filter.d/f")
    return Filter(unit, texts(arguments or {}), backend)


def both(
    text: str, jail: dict[str, str] | None = None, **arguments: str
) -> tuple[dict[str, str], dict[str, str]]:
    filter_ = source(text, arguments)
    known = filter_.known(texts({"enabled": "True"}))
    told = filter_.options(texts({"enabled": "True", **(jail or {})}))
    return ({key: v.text for key, v in known.items()}, {key: v.text for key, v in told.items()})


def failregex(text: str, jail: dict[str, str] | None = None, **arguments: str) -> str:
    return both(text, jail, **arguments)[1]["failregex"]


def test_the_arguments_choose_among_the_tags() -> None:
    text = (
        "[Definition]\nmode = normal\nfailregex = ^login failed (?:<why>) from <HOST>$\n  <more-<mode>>\n"
        "more-normal =\nmore-hard = ^probe by <HOST>$\n[Init]\nwhy = password\n"
    )
    expected = "^login failed (?:pin|password) from <HOST>$\n^probe by <HOST>$"
    assert expected == failregex(text, mode="hard", why="pin|<known/why>")
    assert "^login failed (?:password) from <HOST>$\n" == failregex(text)


def test_any_argument_may_be_invented() -> None:
    assert "a bar bar" == failregex("[Definition]\nfailregex = a <foo> %(foo)s\n", foo="bar")


def test_a_tag_of_any_case_is_replaced_if_an_option_has_its_name() -> None:
    text = "[DEFAULT]\nhost = h\n[Definition]\nmode = normal\nfailregex = <HOST> (?P<Mode>x)\n"
    assert "h (?Pnormalx)" == failregex(text)


def test_known_does_not_see_init_through_percent_but_through_tags() -> None:
    known, told = both("[Definition]\nfailregex = %(x)s <x>\nx = D\n[Init]\nx = I\n")
    assert ("D I", "I I") == (known["failregex"], told["failregex"])


def test_init_does_not_see_arguments() -> None:
    text = "[Definition]\nfailregex = <foo> <known/x> <x>\n[Init]\nfoo = n%(x)s\nx = i\n"
    assert "ni i A" == failregex(text, x="A")


def test_helpers_do_not_see_arguments_through_percent() -> None:
    text = "[Definition]\nfailregex = a\nhelper = %(x)s\n"
    with pytest.raises(Fault, match="nowhere set"):
        source(text, {"x": "1"}).known({})


def test_a_plain_argument_overrides_the_conditional_ones_too() -> None:
    text = "[Definition]\nfailregex = f\n[Init]\nt = 4\nu = 4\n[Init?family=inet6]\nt = 6\nu = 6\n"
    _, told = both(text, t="z")
    assert ("z", "z", "6") == (told["t"], told["t?family=inet6"], told["u?family=inet6"])


def test_a_name_with_a_conditional_variant_stays_a_tag() -> None:
    assert "<t>" == failregex("[Definition]\nfailregex = <t>\n[Init]\nt = 4\n[Init?family=inet6]\nt = 6\n")


def test_what_the_jail_says_itself_the_filter_does_not() -> None:
    _, told = both("[Definition]\nfailregex = F\nignoreregex = G\n", jail={"failregex": "J"})
    assert ("failregex" not in told, "G") == (True, told["ignoreregex"])


def test_init_and_arguments_come_before_the_definition() -> None:
    _, told = both("[Definition]\ndatepattern = D\nfailregex = F\n[Init]\ndatepattern = I\n", failregex="A")
    assert ("I", "A") == (told["datepattern"], told["failregex"])


def test_the_jails_options_can_be_used_if_the_first_reading_found_none() -> None:
    text = (
        "[DEFAULT]\nmaxretry = 1\n[Definition]\nfoo = n%(maxretry)s\n"
        "failregex = <Foo> <foo> <maxretry> %(maxretry)s\n"
    )
    assert "n1 n7 1 7" == failregex(text, jail={"maxretry": "7"})


def test_what_was_not_found_in_the_first_reading_is_not_found_in_the_second() -> None:
    assert "<maxretry>" == failregex("[Definition]\nfailregex = <maxretry>\n", jail={"maxretry": "7"})


def test_tags_see_another_section_in_its_own_context() -> None:
    text = (
        "[DEFAULT]\ny = d\n[lt-a]\ny = own\nx = v%(y)s\n[Definition]\n"
        "failregex = <lt-a/x> <default/y> <lt-b/x> <lt-a/none>\n"
    )
    assert "vown d <lt-b/x> <lt-a/none>" == failregex(text)


def test_a_tag_can_ask_for_the_layer_before() -> None:
    files = MemoryFiles(
        {
            "filter.d/f.conf": "[Definition]\nfailregex = a\nother = o\n",
            "filter.d/f.local": "[Definition]\nfailregex = b<known/failregex><known/other>\n",
        }
    )
    filter_ = Filter(Units(files).unit("filter.d/f"), {}, "auto")
    assert "bao" == filter_.known({})["failregex"].text


@pytest.mark.parametrize(
    ("expected", "backend", "arguments", "own"),
    [
        *(
            ("file", "auto", {}, ""),
            ("journal", "systemd[journalflags=1]", {}, ""),
            ("mine", "auto", {"logtype": "mine"}, ""),
        ),
        *(("file", "polling", {"logtype": ""}, ""), ("own", "systemd", {}, "logtype = own\n")),
    ],
)
def test_the_type_of_the_log_follows_the_backend_unless_it_is_said(
    expected: str, backend: str, arguments: dict[str, str], own: str
) -> None:
    filter_ = source(f"[Definition]\n{own}failregex = <logtype>\n", arguments, backend)
    assert expected == filter_.known({})["failregex"].text


def test_a_logtype_among_the_defaults_does_not_count() -> None:
    assert "file" == failregex("[DEFAULT]\nlogtype = d\n[Definition]\nfailregex = <logtype>\n")
