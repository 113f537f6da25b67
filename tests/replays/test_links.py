"""Links to matches: every way one is written has one form, and nothing else is let in."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.errors import InputError
from gamefactory_dagster.replays.links import EXPECTED, LONGEST, Link, canonical, read_link

CANONICAL = "https://www.duelingbook.com/replay?id="

ACCEPTED = {
    "canonical": (f"{CANONICAL}123456", 123456),
    "no scheme": ("duelingbook.com/replay?id=1", 1),
    "http": ("http://duelingbook.com/replay?id=1", 1),
    "capitals": ("HTTPS://WWW.DuelingBook.COM/replay?id=1", 1),
    "slash": ("https://duelingbook.com/replay/?id=1", 1),
    "user's prefix": (f"{CANONICAL}1234567-98765", 98765),
    "more parameters": ("https://www.duelingbook.com/replay?a=1&id=7&b=%2F..&c", 7),
    "fragment": (f"{CANONICAL}7#", 7),
    "blanks": (f"\t {CANONICAL}7\n", 7),
    "zeros": (f"{CANONICAL}007", 7),
    "nineteen digits": (f"{CANONICAL}{'9' * 19}", 10**19 - 1),
    "as long as may be": (f"{CANONICAL}7&a={'a' * (LONGEST - len(CANONICAL) - 4)}", 7),
}

REFUSED = {
    "nothing": "",
    "an id": "123456",
    "another scheme": "ftp://duelingbook.com/replay?id=1",
    "script": "javascript:alert(1)//duelingbook.com/replay?id=1",
    "no scheme but slashes": "//duelingbook.com/replay?id=1",
    "user": "https://duelingbook.com@evil.example/replay?id=1",
    "user before": "https://evil@duelingbook.com/replay?id=1",
    "port": "https://duelingbook.com:443/replay?id=1",
    "dot": "https://duelingbook.com./replay?id=1",
    "other host": "https://evil.example/replay?id=1",
    "longer host": "https://duelingbook.com.evil.example/replay?id=1",
    "other name": "https://notduelingbook.com/replay?id=1",
    "subdomain": "https://api.duelingbook.com/replay?id=1",
    "any letter for the dot": "https://duelingbook-com/replay?id=1",
    "other path": "https://duelingbook.com/replays?id=1",
    "capital path": "https://duelingbook.com/Replay?id=1",
    "deeper path": "https://duelingbook.com/replay/x?id=1",
    "path up": "https://duelingbook.com/x/../replay?id=1",
    "two slashes": "https://duelingbook.com/replay//?id=1",
    "no id": "https://duelingbook.com/replay?ID=1",
    "empty id": f"{CANONICAL}",
    "two ids": f"{CANONICAL}1&id=1",
    "two ids, one in disguise": f"{CANONICAL}1&%69d=2",
    "semicolon": f"{CANONICAL}1;id=2",
    "zero": f"{CANONICAL}000",
    "minus": f"{CANONICAL}-1",
    "plus": f"{CANONICAL}+1",
    "two prefixes": f"{CANONICAL}1-2-3",
    "words": f"{CANONICAL}one",
    "twenty digits": f"{CANONICAL}{'1' * 20}",
    "other digits": f"{CANONICAL}١٢٣",
    "wide digits": f"{CANONICAL}１２",
    "other digits, encoded": f"{CANONICAL}%D9%A1",
    "null": f"{CANONICAL}1%00",
    "blank within": f"{CANONICAL}1 2",
    "line within": "https://duelingbook.com/re\nplay?id=1",
    "backslash": "https://duelingbook.com\\replay?id=1",
    "two links": f"{CANONICAL}1\n{CANONICAL}2",
    "too long": f"{CANONICAL}7&a={'a' * (LONGEST - len(CANONICAL) - 3)}",
}


@pytest.mark.parametrize(("text", "number"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_every_way_to_write_a_link_has_one_form(text: str, number: int) -> None:
    assert read_link(text) == Link(number)
    assert canonical(text) == f"{CANONICAL}{number}"


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=f"^link: .* is not accepted; expected {re.escape(EXPECTED)}$"):
        canonical(text)


NUMBERS = st.integers(1, 10**19 - 1)
ODD = st.characters() | st.sampled_from(
    ["\\", "@", "..", "%00", "/", ":", ";", "#", "?", "&id=", "&", "=", "-", "+", "%", "javascript:", "٣",
     "３", "\0", "\n", " ", "\u200b", "\ufeff", "id", "evil.example", ".", "[", "]", "www.", "%69d=1&"]
)  # fmt: skip


@given(NUMBERS, st.sampled_from(["", "http://", "https://"]), st.booleans(), st.integers(0, 10**19 - 1))
def test_the_one_form_is_its_own(number: int, scheme: str, slash: bool, user: int) -> None:
    given = f"{scheme}duelingbook.com/replay{'/' * slash}?id={user}-{number}"
    assert canonical(given) == canonical(canonical(given)) == Link(number).url


@given(NUMBERS, st.lists(st.tuples(ODD, st.floats(0, 1)), min_size=1, max_size=3))
def test_what_is_put_into_a_link_is_noticed_or_does_not_count(
    number: int, odd: list[tuple[str, float]]
) -> None:
    given = Link(number).url
    for piece, place in odd:
        at = round(place * len(given))
        given = given[:at] + piece + given[at:]
    try:
        found = canonical(given)
    except InputError:
        return
    assert re.fullmatch(re.escape(CANONICAL) + "[1-9][0-9]{0,18}", found)
    start = re.match(r"\s*(?:https?://)?(?:www\.)?duelingbook\.com/replay/?\?", given, re.IGNORECASE)
    assert start, "whatever else is there, it is after host and path"
    assert not re.search(r"[\\\x00-\x20\x7f-\U0010ffff]", given.strip())
    assert found.removeprefix(CANONICAL) in given
