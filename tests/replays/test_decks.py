"""Decks are told by their core, staples tell nothing, and what cannot be told is not."""

import random
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from gamefactory_dagster.replays import decks
from gamefactory_dagster.replays.frames import CARD_COLUMNS, frames

from .building import STAPLES, archetype, deck, season

KINDS = ("Aqua", "Bolt", "Cloud", "Dusk", "Ember", "Frost")


def cards_of(hands):
    """The table of cards of ``{(source, player): cards}``."""
    rows = [(source, 1, 1, player, card, 1) for (source, player), held in hands.items() for card in held]
    return pd.DataFrame(rows, columns=list(CARD_COLUMNS)).astype(CARD_COLUMNS)


def told(cards):
    """(source, player) -> deck and how sure, of those that were told; and the names of the decks."""
    found = decks.tell(cards)
    known = found.told.dropna(subset="deck")
    return {(row.source, row.player): (row.deck, row.sure) for row in known.itertuples()}, found.names


def field(luck, hands, least=7, most=18):
    """Hands of many players' decks, and which each is."""
    made, kinds = {}, {}
    for place in range(hands):
        kind = luck.choice(KINDS)
        held = deck(luck, kind)
        made["f", f"Player {place:03}"] = luck.sample(held, luck.randint(least, most))
        kinds["f", f"Player {place:03}"] = kind
    return made, kinds


@pytest.fixture(scope="module")
def known():
    return field(random.Random(3), 150)


@pytest.mark.parametrize("grouped", [decks.GROUPED, 60], ids=["all", "the rest joins"])
def test_made_up_decks_with_shared_staples_are_told_apart(monkeypatch, grouped):
    monkeypatch.setattr(decks, "GROUPED", grouped)
    luck, truth, replays = random.Random(1), {}, []
    for source, replay, kinds in season(luck, 120):
        replays.append((source, replay))
        truth |= {(source, player): kind for player, kind in kinds.items()}
    found, names = told(frames(replays).cards)
    assert len(found) > 0.85 * len(truth)
    pairs = Counter((number, truth[hand]) for hand, (number, _) in found.items())
    right = sum(max(pairs[number, kind] for kind in KINDS) for number in range(len(names)))
    assert right >= 0.97 * len(found)
    main = {number for hand, (number, _) in found.items() if hand[1] == "Ann"}
    together = sum(max(pairs[number, kind] for number in range(len(names))) for kind in KINDS)
    assert together >= 0.85 * len(found)
    assert 0 in main
    assert all(not set(name) & set(STAPLES) for name in names if pairs[names.index(name), "Aqua"] > 9)


def test_the_order_of_files_does_not_matter(known):
    hands, _ = known
    found, names = told(cards_of(hands))
    assert told(cards_of(hands).sample(frac=1, random_state=5)) == (found, names)
    places = [f"file {place:03}" for place in range(len(hands))]
    random.Random(5).shuffle(places)
    files = {player: file for (_, player), file in zip(hands, places, strict=True)}
    moved, moved_names = told(
        cards_of({(files[player], player): held for (_, player), held in hands.items()})
    )
    assert moved_names == names
    assert {player: moved[files[player], player] for _, player in found} == {
        player: one for (_, player), one in found.items()
    }
    assert len(moved) == len(found)


def test_too_few_cards_are_not_told_and_a_few_of_a_core_are(known):
    hands, _ = known
    core, _ = archetype("Dusk")
    extra = {("x", "short"): core[: decks.FEWEST - 1], ("x", "long"): core[: decks.FEWEST]}
    found, names = told(cards_of(hands | extra))
    assert ("x", "short") not in found
    number, sure = found["x", "long"]
    assert all(card.startswith("Dusk") for card in names[number])
    assert sure > 0.8


def test_staples_alone_and_half_of_each_of_two_are_told_less_surely_or_not_at_all(known):
    hands, _ = known
    bolt, cloud = archetype("Bolt")[0], archetype("Cloud")[0]
    extra = {
        ("x", "staples"): STAPLES[:8],
        ("x", "both"): (*bolt[:6], *cloud[:6]),
        ("x", "one"): (*bolt[:12],),
    }
    found, names = told(cards_of(hands | extra))
    assert found.get(("x", "staples"), (0, 0))[1] < 0.3
    assert ("x", "both") not in found
    assert found["x", "one"][1] > 0.8
    assert names[found["x", "one"][0]][0].startswith("Bolt")


def test_a_deck_seen_once_is_one_of_its_own_by_its_words(known):
    hands, _ = known
    own = ("Zebra Alpha", "Zebra Gate", "Zebra Omega", "Apple", "Berry", *STAPLES[:3])
    found, names = told(cards_of(hands | {("x", "alone"): own}))
    number, sure = found["x", "alone"]
    assert set(names[number]) == {"Zebra Alpha", "Zebra Gate", "Zebra Omega"}
    assert [hand for hand, (one, _) in found.items() if one == number] == [("x", "alone")]
    assert sure > 0.5
    half = {("x", "alone"): (*own[:5], *archetype("Bolt")[0][:4])}
    assert told(cards_of(hands | half))[0].get(("x", "alone"), (0, 0))[1] < 0.5


def test_of_two_hands_a_mirror_is_one_deck_and_others_are_two():
    aqua, bolt = archetype("Aqua")[0], archetype("Bolt")[0]
    mirror, _ = told(cards_of({("a", "Ann"): aqua[:10], ("a", "Ben"): aqua[3:13]}))
    assert len({number for number, _ in mirror.values()}) == 1
    assert len(mirror) == 2
    apart, _ = told(
        cards_of({("a", "Ann"): (*aqua[:9], *STAPLES[:3]), ("a", "Ben"): (*bolt[:9], *STAPLES[:3])})
    )
    assert len({number for number, _ in apart.values()}) == 2


def test_short_hands_join_a_deck_and_make_none(known):
    hands, _ = known
    short = {("x", place): (*(f"Zebra {part}" for part in range(decks.MAKES - 1)),) for place in "ab"}
    assert not {hand for hand in told(cards_of(hands | short))[0] if hand[0] == "x"}
    assert told(cards_of(short)) == ({}, ())
    assert told(cards_of({})) == ({}, ())


def test_a_card_of_one_deck_is_its_own_though_a_hand_unlike_all_others_has_it_too():
    seen = np.array([[1, 0, 1], [1, 0, 1], [0, 1, 1], [0, 1, 1], [1, 0, 0]], dtype=bool)
    belongs = decks._belonging(seen, np.array([0, 0, 1, 1, 2]))
    assert belongs.tolist() == [1, 1, 0.5]
