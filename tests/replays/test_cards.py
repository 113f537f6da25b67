"""Cards seen: which lines of a log take one from a deck, and how many copies that makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamefactory_dagster.replays.cards import Seen, deck_change
from gamefactory_dagster.replays.parsing import parse

from .recording import ANN, BOB, file, first, line, loss, next_game, play

ODD = 'D/D/D "Deck" Overlord (3/5) from hand'


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ('Drew "{}"', 1),
        ('Added "{}" from Deck to hand', 1),
        ('Sent "{}" from Deck to GY', 1),
        ('Special Summoned "{}" from Deck to M-1 (ATK)', 1),
        ('Placed "{}" from Deck to S-2', 1),
        ('Activated Field Spell "{}" from Deck', 1),
        ('Banished "{}" from Deck face-down', 1),
        ('Milled "{}" from top of deck', 1),
        ('Banished "{}" from bottom of deck', 1),
        ('Returned "{}" from GY to bottom of deck', -1),
        ('Returned "{}" from hand (2/5) to top of deck', -1),
        ('Returned banished "{}" (1/3) to bottom of deck', -1),
        ('Returned "{}" from M-3 to Deck', -1),
        ('Returned "{}" from top of deck to bottom of deck', None),
        ('Revealed "{}" from Deck', None),
        ('Pointed at "{}" from Deck', None),
        ('Sent "{}" from Extra Deck to GY', None),
        ('Returned "{}" from M-1 to Extra Deck', None),
        ('Special Summoned "{}" from Extra Deck onto "Deck" in M-1 (ATK)', None),
        ('Returned "{}" from GY to hand', None),
        ('Sent "{}" from hand (1/5) to GY', None),
        ("Drew a card", None),
        ("Shuffled deck", None),
        ("Viewed deck", None),
        ('Drew ""', None),
        ("", None),
    ],
)
@pytest.mark.parametrize(
    "card", ["Ash Blossom & Joyous Spring", ODD, "雷鳥 🦉"], ids=["plain", "odd", "unicode"]
)
def test_a_line_moves_a_card_out_of_its_deck_or_back(text, change, card):
    expected = None if change is None else (card, change)
    assert deck_change(text.replace("{}", card)) == expected


@given(st.lists(st.sampled_from([1, -1]), max_size=30))
def test_what_counts_is_the_highest_total_and_never_less_than_one(changes):
    seen = Seen()
    for change in changes:
        seen.count(ANN, "Owl", change)
    most = max((sum(changes[:place]) for place in range(len(changes) + 1)), default=0)
    assert seen.most().get(ANN, {}) == ({"Owl": most} if most > 0 else {})


def move(text, who, **more):
    return play("To GY", who, text, **more)


def test_cards_are_their_owner_s_in_this_game_alone():
    plays = [
        play("Draw card", ANN) | {"log": line("Drew a card", ANN, 'Drew "Before"')},
        first(ANN, None, (ANN, "Owl"), (ANN, "Owl"), (BOB, "Fox"), ("Watcher0", "Spy")),
        move('Returned "Owl" from GY to bottom of deck', ANN),
        move('Added "Owl" from Deck to hand', ANN),
        move('Sent "Elk" from Deck to GY', ANN, owner=BOB),
        play("Duel message", ANN, 'Drew "Chat"'),
        {"play": "Good", "username": ANN, "log": line('Drew "Said"', ANN, kind="chat")},
        loss(BOB), next_game(), first(BOB, None, (BOB, "Fox")),
        play("Draw card", BOB) | {"log": line('Drew "Public"', BOB, "Drew a card")},
        play("Draw card", BOB) | {"log": [{"public_log": 'Drew "Nameless"'}]},
    ]  # fmt: skip
    one, two = parse(file(*plays)).matches[0].games
    assert one.cards == {ANN: {"Owl": 2}, BOB: {"Fox": 1, "Elk": 1}}
    assert two.cards == {BOB: {"Fox": 1, "Public": 1, "Nameless": 1}}
