"""Everything counted is what a plain loop over the matches counts, and says how sure it is."""

import dataclasses
import datetime as dt
import random

import pytest

from gamefactory_dagster.analytics.trends import interval_of
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.replays.analysis import CLOSEST, analyse, seen
from gamefactory_dagster.replays.frames import frames
from gamefactory_dagster.replays.results import Remark, Report, Tally, rows

from .building import START, game, match, replay, season

LATER = START + dt.timedelta(2)


@pytest.fixture
def week():
    """Two matches in a file, a draw, one undecided, a quit before the first game, a pair against a pair."""
    aqua, bolt = (tuple(f"{name} {part}" for part in range(9)) for name in ("Aqua", "Bolt"))
    first = match(
        game(1, 1, first=0, seconds=100, cards={"Ann": aqua, "Ben": bolt}),
        game(2, 0, first=1, seconds=300, ending="game loss", cards={"Ann": aqua, "Ben": bolt}),
        game(3, None, first=1, seconds=None, cards={"Ann": aqua[:1], "Ben": bolt}),
    )
    again = match(game(1, 0, first=None, ending="quit", cards={"Ann": aqua}), number=2, decision="quit")
    return [
        ("a", replay(first, again, id=1)),
        ("b", replay(match(winner=1, decision="quit"), players=(("Cid",), ("ANN",)), id=2, played_at=LATER)),
        ("c", replay(match(game(1, 1)), players=(("Ann", "Dee"), ("Ben", "Eve")), id=3, played_at=None)),
        ("d", replay(match(game(1, 1)), players=(("ben",), ("Eve",)), id=4)),
    ]


def tally(won=0, lost=0, drawn=0):
    return Tally(won=won, lost=lost, drawn=drawn)


def by_name(listed, what="games"):
    return {one.name: getattr(one, what) for one in listed}


def test_a_week_is_counted_as_a_person_counts_it(week):
    report = analyse(frames(week), ["aNN"])
    [ann] = report.players
    assert (ann.name, report.replays, report.team) == ("Ann", 4, None)
    assert ann.matches == tally(won=2, lost=1, drawn=1)
    assert ann.games == tally(won=2, lost=2, drawn=1)
    assert by_name(ann.turn) == {
        "Going first": tally(won=2), "Going second": tally(lost=1, drawn=1), "Not said": tally(lost=1),
    }  # fmt: skip
    assert by_name(ann.siding) == {"Before siding": tally(2, 1), "After siding": tally(lost=1, drawn=1)}
    assert by_name(ann.opponents, "matches") == {
        "Ben": tally(lost=1, drawn=1), "Ben & Eve": tally(1), "Cid": tally(1),
    }  # fmt: skip
    assert [one.name for one in ann.opponents] == ["Ben", "Ben & Eve", "Cid"]
    assert by_name(ann.opponents)["Cid"] == tally()
    assert by_name(ann.cards)["Aqua 0"] == tally(won=1, lost=2, drawn=1)
    assert by_name(ann.cards)["Aqua 5"] == tally(won=1, lost=2)
    assert {one.how: (one.won, one.lost) for one in ann.endings} == {
        "admitted": (2, 0), "game loss": (0, 1), "quit": (0, 1),
    }  # fmt: skip
    length = ann.length
    assert (length.n, length.median, length.shortest, length.longest) == (4, 450, 100, 600)
    assert [(day.date, day.matches) for day in ann.days] == [
        (START.date(), tally(lost=1, drawn=1)), (LATER.date(), tally(won=1)),
    ]  # fmt: skip
    assert report.days == (START.date(), LATER.date())
    theirs = by_name(ann.opponents_decks, "matches")
    assert theirs["Not told"] == tally(won=2, lost=1)
    assert [one.matches for one in ann.opponents_decks if one.cards] == [tally(drawn=1)]
    assert [one.name for one in ann.opponents_decks][-1] == "Not told"


def test_every_rate_has_its_interval_and_cards_are_ranked_by_the_smoothed_one(week):
    [ann] = analyse(frames(week), ["Ann"]).players
    assert (ann.games.n, ann.games.rate, ann.games.interval) == (5, 2 / 5, interval_of(2, 5))
    assert (tally().n, tally().rate, tally().interval) == (0, None, None)
    card = next(one for one in ann.cards if one.name == "Aqua 0")
    assert card.smoothed == (1 + 25) / (4 + 50)
    assert [one.smoothed for one in ann.cards] == sorted((one.smoothed for one in ann.cards), reverse=True)


def counted(made, player):
    """Matches and games of a player by a plain loop: won, lost, drawn."""
    matches, games, cards = [0, 0, 0], [0, 0, 0], {}
    for _, one in made:
        seat = one.seat_of(player)
        for played in one.matches if seat is not None else ():
            matches[2 if played.winner is None else int(played.winner != seat)] += 1
            for each in played.games:
                place = 2 if each.loser is None else int(each.loser == seat)
                games[place] += 1
                for card in each.cards.get(player, ()):
                    cards.setdefault(card, [0, 0, 0])[place] += 1
    return matches, games, cards


def sum_of(listed, what):
    return sum((getattr(one, what) for one in listed), Tally())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_season_is_what_a_plain_loop_counts_in_any_order_and_goes_to_json_and_back(seed):
    made = [(source, one) for source, one, _ in season(random.Random(seed), 60, opponents=9)]
    report = analyse(
        frames(made), ["Ann", "Opponent 3", "ann"], team="Goats", notes=[Remark(source="a", text="b")]
    )
    assert [one.name for one in report.players] == ["Ann", "Opponent 3"]
    for player in report.players:
        matches, games, cards = counted(made, player.name)
        assert (player.matches, player.games) == (tally(*matches), tally(*games))
        assert by_name(player.cards) == {name: tally(*counts) for name, counts in cards.items()}
        ranks = [card.smoothed for card in player.cards]
        assert ranks == sorted(ranks, reverse=True)
        for part in (player.turn, player.siding, player.opponents, player.own_decks, player.opponents_decks):
            assert sum_of(part, "games") == player.games
        for part in (player.opponents, player.own_decks, player.opponents_decks, player.days):
            assert sum_of(part, "matches") == player.matches
        assert sum(one.won + one.lost for one in player.endings) == player.games.n - player.games.drawn
    random.Random(seed).shuffle(made)
    assert analyse(frames(made), ["Ann", "Opponent 3"], team="Goats", notes=report.notes) == report
    assert Report.from_json(report.as_json()) == report
    assert b'"rate":' in report.as_json()
    listed = rows(report)
    assert [row["n"] for row in listed if row["part"] == "all" and row["player"] == "Ann"] == [
        report.players[0].matches.n, report.players[0].games.n,
    ]  # fmt: skip
    assert {row["part"] for row in listed} == {
        "all", "turn", "siding", "own deck", "opponent's deck", "opponent", "ending", "day", "card",
    }  # fmt: skip
    assert all((row["low"] <= row["rate"] <= row["high"]) for row in listed if row["n"])


def test_what_is_no_report_of_this_version_is_refused(week):
    report = analyse(frames(week), ["Ann"])
    for content in (b"[]", b"{", report.as_json().replace(b'"version":1', b'"version":2')):
        with pytest.raises(PermanentError, match="no report of version 1"):
            Report.from_json(content)


def test_who_is_there_is_told_most_seen_first_and_the_closest_to_a_name_that_is_not(week):
    assert seen(frames(week)) == {"Ann": 4, "Ben": 4, "Eve": 2, "Cid": 1, "Dee": 1}
    with pytest.raises(InputError, match=r"^player: 'Bem' .* one of Ben, ") as refused:
        analyse(frames(week), ["Ann", "Bem"])
    assert "more" not in str(refused.value)
    many = [(str(n), replay(match(game()), players=((f"Player {n}",), ("Ann",)))) for n in range(30)]
    with pytest.raises(InputError, match=rf"one of Player 7, .* and {31 - CLOSEST} more"):
        analyse(frames(many), ["layer 7"])
    with pytest.raises(InputError, match="nobody: no match was read"):
        analyse(frames([]), ["Ann"])
    with pytest.raises(InputError, match="player: None"):
        analyse(frames(week), [])


def test_a_name_is_spelt_as_it_is_most_often(week):
    _, first = week[0]
    loud = dataclasses.replace(first, players=(("ANN",), ("Ben",)))
    assert next(iter(seen(frames([("1", loud), ("2", loud), ("3", first)])))) == "ANN"
    [ben] = analyse(frames(week), ["BEN"]).players
    assert ben.name == "Ben"
    assert by_name(ben.opponents, "matches")["Ann"].n == 2
