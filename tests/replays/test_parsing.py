"""Files as a whole: what is read of odd ones, and in which words the others are refused."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.replays import parsing
from gamefactory_dagster.replays.parsing import ReplayError, parse

from .recording import ANN, BOB, file, first, loss


def test_what_a_file_says_of_itself():
    replay = parse(file(first(ANN), loss(BOB)))
    assert (replay.id, replay.format, replay.rated, replay.is_tag) == (7, "ar", True, False)
    assert replay.played_at == datetime(2026, 1, 31, 23, 59, 58, tzinfo=UTC)
    assert replay.players == ((ANN,), (BOB,))
    assert (replay.seat_of("bOB"), replay.seat_of("Cyd")) == (1, None)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"id": "915"}, 915), ({"id": True}, None), ({"id": -1}, None), ({"id": 1.5}, None),
        ({"id": "٣"}, None), ({"id": 10**30}, None), ({"id": [1]}, None), ({"id": None}, None),
    ],
    ids=str,
)  # fmt: skip
def test_an_id_is_a_number_or_not_there(given, expected):
    assert (
        parse(file(**{"id": None} | {k: str(v) if v == 10**30 else v for k, v in given.items()})).id
        == expected
    )


def test_what_is_missing_or_odd_is_read_as_far_as_it_goes():
    for date in (None, 5, "yesterday", "2026-02-30 00:00:00", ""):
        assert parse(file(date=date)).played_at is None
    odd = parse(file(first(ANN), loss(BOB), format=3, rated="yes", match_type=["m"], logs=None, player3=[]))
    assert (odd.format, odd.rated, odd.is_tag, odd.games) == ("", False, False, 1)
    with_bom = b"\xef\xbb\xbf" + file(first(ANN))
    assert parse(with_bom).games == 1
    half = json.dumps({**json.loads(file(first(ANN), loss(BOB))), "chat": "\ud83d"}).encode()
    assert parse(half).games == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is no JSON"),
        (b"<!doctype html><html>", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (file()[:-20], "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b'{"plays": [NaN]}', "is no JSON"),
        (b"[]", "is no JSON object"),
        (b"{}", "has no list of plays"),
        (file(plays={}), "has no list of plays"),
        (file(player1=None), "does not say who player1 is"),
        (file(player2={"username": " "}), "does not say who player2 is"),
        (file(player2={"username": 5}), "does not say who player2 is"),
        (file(player2={"username": ANN}), "has two players of one name"),
        (b'{"action": "Error", "message": "Replay does not exist"}', "Replay does not exist"),
    ],
    ids=[
        "empty", "html", "bytes", "cut", "deep", "nan", "list", "object", "plays",
        "no player", "blank", "number", "same", "error",
    ],
)  # fmt: skip
def test_what_is_no_replay_says_why(content, why):
    with pytest.raises(ReplayError, match=why):
        parse(content)


def test_too_large_is_not_even_looked_at(monkeypatch):
    monkeypatch.setattr(parsing, "MAX_BYTES", 2**20)
    with pytest.raises(ReplayError, match="larger than 1 MiB"):
        parse(b" " * (2**20 + 1))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["play", "log", "username", "public_log", "over", "score"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(
    plays=st.lists(JSON, max_size=6), more=st.dictionaries(st.sampled_from(["id", "date", "format"]), JSON)
)
def test_no_list_of_plays_breaks_it(plays, more):
    assert parse(file(first(ANN), *plays, loss(BOB), **more)).games >= 1
