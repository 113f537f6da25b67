"""Replays as they would be read: single ones by hand, and a player's season against many opponents' decks."""

import datetime as dt

from gamefactory_dagster.replays.records import Game, Match, Replay

STAPLES = tuple(f"Staple {number}" for number in range(24))
START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


def game(number=1, loser=1, *, first=0, ending="admitted", seconds=600, cards=None):
    """A game; ``cards``: player -> names, of which one copy each was seen."""
    seen = {player: dict.fromkeys(names, 1) for player, names in (cards or {}).items()}
    ending = None if loser is None else ending
    return Game(number, first, loser, ending, (0, 0, 0), seconds, seen)


def match(*games, number=1, winner=..., decision="games"):
    """A match of games; its winner is who won more of them unless said."""
    if winner is ...:
        ahead = sum(0 if one.loser is None else (1 if one.loser == 1 else -1) for one in games)
        winner = None if not ahead else (0 if ahead > 0 else 1)
    return Match(number, tuple(games), winner, None if winner is None else decision)


def replay(*matches, players=(("Ann",), ("Ben",)), id=None, played_at=START, notes=()):
    return Replay(id, played_at, "ar", True, players, tuple(matches), notes)


def archetype(name):
    """A deck's core, and what some play beside it."""
    return tuple(f"{name} {part}" for part in range(16)), tuple(f"{name} tech {part}" for part in range(12))


def deck(luck, name):
    """One player's deck: most of the core, some of the techs, many of the staples everybody plays."""
    core, techs = archetype(name)
    staples = [card for place, card in enumerate(STAPLES) if luck.random() < 0.9 * 0.94**place]
    return [card for card in core if luck.random() < 0.9] + luck.sample(techs, 4) + staples


def season(
    luck, matches, *, player="Ann", opponents=60, decks=("Aqua", "Bolt", "Cloud", "Dusk", "Ember", "Frost")
):
    """``(source, replay, {player: deck})`` of so many matches, some days apart; Ann plays the first deck."""
    own = deck(luck, decks[0])
    others = {}
    for place in range(opponents):
        kind = decks[min(int(luck.expovariate(0.5)), len(decks) - 1)]
        others[f"Opponent {place}"] = (kind, deck(luck, kind))
    when = START
    for place in range(matches):
        when += dt.timedelta(hours=luck.choice((1, 2, 3, 30, 55)))
        opponent = luck.choice(list(others))
        kind, theirs = others[opponent]
        hands = {player: (own, 18), opponent: (theirs, 15)}
        games, score = [], [0, 0]
        while max(score) < 2 and len(games) < 4:
            loser = luck.choices((1, 0, None), (0.56, 0.42, 0.02))[0]
            cards = {who: luck.sample(held, luck.randint(6, most)) for who, (held, most) in hands.items()}
            ending = luck.choices(("admitted", "quit", "game loss"), (0.9, 0.08, 0.02))[0]
            games.append(game(
                len(games) + 1, loser, first=luck.choice((0, 1)), ending=ending,
                seconds=int(luck.gammavariate(4, 200)) + 60, cards=cards,
            ))  # fmt: skip
            if loser is not None:
                score[1 - loser] += 1
        sides = ((player,), (opponent,))
        made = replay(match(*games), players=sides, id=900_000_000 + place, played_at=when)
        yield f"replay_{place:03}.json", made, {player: decks[0], opponent: kind}
