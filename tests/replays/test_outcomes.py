"""Who won: each rule by itself, and all of them together in recordings made up by the thousand."""

import random

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamefactory_dagster.replays.parsing import parse

from .recording import (
    ANN,
    BOB,
    LOSSES,
    PLAYERS,
    Told,
    first,
    line,
    loss,
    next_game,
    play,
    rematch,
    replay_file,
)


def told(*plays, **more):
    """Per match: winner, why, and the running scores."""
    replay = parse(replay_file(*plays, **more))
    return [(match.winner, match.decision, [game.score for game in match.games]) for match in replay.matches]


def test_the_first_who_loses_a_game_has_lost_it():
    for ending in LOSSES:
        [match] = parse(replay_file(first(ANN), loss(BOB, ending), loss(ANN))).matches
        [game] = match.games
        assert (game.loser, game.winner, game.ending, game.score) == (1, 0, ending, (1, 0, 0))


def test_a_game_nobody_lost_is_drawn():
    drawn = [first(ANN), next_game(), first(BOB), loss(BOB), next_game(), first(ANN)]
    assert told(*drawn) == [(0, "lead", [(0, 0, 1), (1, 0, 1), (1, 0, 2)])]
    assert told(first(ANN)) == [(None, None, [(0, 0, 1)])]


def test_a_loss_between_games_is_nobody_s_game():
    early = [loss(ANN), first(ANN), loss(BOB), next_game(), loss(ANN), first(BOB), loss(BOB)]
    assert told(*early) == [(0, "games", [(1, 0, 0), (2, 0, 0)])]


def test_a_rematch_is_another_match_and_the_score_goes_on():
    both = [
        *(first(ANN), loss(ANN), next_game("(0-1-0)"), first(ANN), loss(ANN)),
        *(rematch(), first(BOB), loss(BOB), next_game("(1-2-0)"), first(BOB), loss(BOB)),
    ]
    assert told(*both) == [(1, "games", [(0, 1, 0), (0, 2, 0)]), (0, "games", [(1, 2, 0), (2, 2, 0)])]
    assert told(first(ANN), loss(ANN), rematch()) == [(1, "lead", [(0, 1, 0)])]


@pytest.mark.parametrize(
    ("plays", "winner"),
    [
        ([loss(ANN, "quit")], 1),
        ([first(ANN), loss(ANN, "quit")], 1),
        ([first(ANN), loss(ANN), loss(ANN, "quit")], 1),
        ([first(ANN), loss(BOB), next_game(), first(BOB), loss(ANN), loss(BOB, "quit")], 0),
        ([first(ANN), loss(BOB), next_game(), first(BOB), loss(ANN, "quit")], 1),
        ([first(ANN), loss(BOB), loss(ANN, "quit")], 1),
        ([first(ANN), loss(ANN, "quit"), loss(BOB, "quit")], 1),
    ],
    ids=["before any game", "in the first", "behind", "at a tie", "into a tie", "ahead", "twice"],
)  # fmt: skip
def test_who_quits_before_a_match_is_decided_loses_it(plays, winner):
    [(who, why, _)] = told(*plays)
    assert (who, why) == (winner, "quit")


def test_who_leaves_after_a_match_was_decided_does_not_lose_it():
    won = [first(ANN), loss(BOB), next_game(), first(BOB), loss(BOB)]
    assert told(*won, loss(ANN, "quit"))[0][:2] == (0, "games")
    played_on = [*won, next_game(), first(ANN), loss(ANN), loss(ANN, "quit")]
    assert told(*played_on) == [(0, "games", [(1, 0, 0), (2, 0, 0), (2, 1, 0)])]
    single = [first(ANN), loss(BOB), loss(ANN, "quit")]
    assert told(*single, match_type="n")[0][:2] == (0, "games")
    said = [first(ANN), loss(BOB, over=True), loss(ANN, "quit")]
    assert told(*said)[0][:2] == (0, "games")
    not_over = [first(ANN), loss(BOB, over=False), loss(ANN, "quit")]
    assert told(*not_over, match_type="n")[0][:2] == (1, "quit")
    after_rematch = [*won, rematch(), loss(ANN, "quit")]
    assert [match[:2] for match in told(*after_rematch)] == [(0, "games"), (1, "quit")]


def test_a_judge_s_match_loss_goes_before_any_score():
    ahead = [first(ANN), loss(BOB), next_game(), first(BOB), loss(ANN, "match loss")]
    assert told(*ahead) == [(1, "judge", [(1, 0, 0), (1, 1, 0)])]
    between = [first(ANN), loss(BOB), loss(ANN, "match loss"), loss(BOB, "quit")]
    assert told(*between) == [(1, "judge", [(1, 0, 0)])]
    assert told(loss(BOB, "match loss")) == [(0, "judge", [])]


def test_nothing_played_is_no_match():
    four = [play("RPS", None, "Won Rock-Paper-Scissors"), play("Left duel", ANN, "Went offline")] * 2
    assert told(*four) == told() == []


def test_who_goes_first_is_who_chose_it_or_whom_the_other_let():
    plays = [first(ANN), next_game(), first(ANN, BOB), next_game(), first(BOB, ANN)]
    silent = [play("Pick first", BOB), next_game(), play("Pick first", None, order=[BOB, ANN])]
    unnamed = [{"log": line("Chose to go second", BOB)}, {"log": line("Chose to go first", BOB)}]
    nobody = [play("Pick first", "Watcher0")]
    [match] = parse(replay_file(*plays, *silent, *unnamed, *nobody)).matches
    assert [game.first for game in match.games] == [0, 0, 1, 1, 1, 0, 1, None]
    contradicting = first(BOB) | {"username": ANN, "order": [ANN, BOB]}
    assert parse(replay_file(contradicting)).matches[0].games[0].first == 1


def test_what_somebody_says_or_a_watcher_does_settles_nothing():
    chat = [
        play("Duel message", ANN, "Admitted defeat"),
        play("Watcher message", "Watcher0", "Lost Duel"),
        {"play": "Good", "username": ANN, "log": line("Admitted defeat", ANN, kind="chat")},
        {"log": [line("Chose to go first", BOB, kind="chat")]},
    ]
    replay = parse(replay_file(first(ANN), *chat, loss("Watcher0"), loss(BOB)))
    [match] = replay.matches
    assert [game.loser for game in match.games] == [1]
    assert replay.notes == ("Watcher0 lost, and is none of the players",)


def test_a_count_that_differs_from_the_site_s_is_noted_by_its_own_players():
    plays = [first(ANN), loss(BOB), next_game("(1-0-0)"), first(BOB), loss(BOB)]
    assert parse(replay_file(*plays, next_game("(2-0-0)"))).notes == ()
    assert parse(replay_file(*plays, next_game("(0-2-0)", player1=BOB))).notes == ()
    assert parse(replay_file(*plays, next_game("(0-2-0)"))).notes == (
        "the site counted (0-2-0) where the games played make (2-0-0)",
    )
    assert parse(replay_file(*plays, next_game("nonsense"))).notes == ()


def test_lengths_are_from_the_choice_to_the_loss():
    plays = [
        *(first(ANN, seconds=20), loss(BOB, seconds=80), loss(ANN, seconds=90), next_game()),
        *(first(ANN, seconds=100), loss(BOB, seconds=99), next_game(), first(ANN), loss(BOB, seconds=1)),
        *(next_game(), first(ANN, seconds=5)),
    ]
    [match] = parse(replay_file(*plays)).matches
    assert [game.seconds for game in match.games] == [60, None, None, None]
    assert [game.number for game in match.games] == [1, 2, 3, 4]


def test_sides_of_a_tag_duel_win_and_lose_together():
    four = {"player3": {"username": "Cyd"}, "player4": {"username": "Dee"}, "tag_duel": True}
    replay = parse(
        replay_file(first(ANN), loss("Dee"), next_game(), first("Cyd"), loss("Cyd", "quit"), **four)
    )
    assert replay.players == ((ANN, "Cyd"), (BOB, "Dee"))
    assert replay.is_tag
    [match] = replay.matches
    assert [(game.first, game.loser) for game in match.games] == [(0, 1), (0, 0)]
    assert (match.winner, match.decision) == (1, "quit")


HAPPENINGS = st.lists(
    st.one_of(
        st.tuples(st.just("game"), st.integers(0, 1), st.sampled_from([0, 1, None])),
        st.tuples(st.just("again"), st.integers(0, 1), st.sampled_from(["admitted", "game loss"])),
        st.tuples(st.just("quit"), st.integers(0, 1), st.booleans()),
        st.tuples(st.just("judged"), st.integers(0, 1), st.booleans()),
        st.tuples(st.just("rematch"), st.integers(0, 1), st.none()),
    ),
    max_size=14,
)
"""What may happen at a table, in any order: what the rules say of it is counted beside."""


@settings(max_examples=300, deadline=None)
@given(happenings=HAPPENINGS, seed=st.integers(0, 2**32))
def test_whatever_happens_is_counted_as_it_happened(happenings, seed):
    rng = random.Random(seed)
    matches, plays, score, scores = [Told()], [], [0, 0, 0], []

    def settle(match, loser, ending):
        """A game of its own, lost so."""
        match.games.append((0, loser, ending))
        score[2 if loser is None else 1 - loser] += 1
        scores.append(tuple(score))

    for what, who, how in happenings:
        match = matches[-1]
        decided = max(match.wins()) >= 2
        if what == "game":
            plays += [next_game("({}-{}-{})".format(*score))] if rng.random() < 0.7 else []
            plays += [first(PLAYERS[who])]
            ending = rng.choice(["admitted", "game loss"])
            plays += [] if how is None else [loss(PLAYERS[how], ending)]
            settle(match, how, None if how is None else ending)
        elif what == "again" and match.games and match.games[-1][1] is not None:
            plays += [loss(PLAYERS[who], how)]
        elif what in ("quit", "judged"):
            ending = "quit" if what == "quit" else "match loss"
            if how:
                plays += [next_game(), first(PLAYERS[who])]
                settle(match, who, ending)
            elif match.games and match.games[-1][1] is None:
                continue
            plays += [loss(PLAYERS[who], ending)]
            if what == "judged" and match.judged is None:
                match.judged = who
            if what == "quit" and not decided and match.quitter is None:
                match.quitter = who
        elif what == "rematch":
            plays += [rematch(PLAYERS[who])]
            matches.append(Told())

    replay = parse(disguised(plays, rng))
    expected = [match for match in matches if match.games or match.outcome()[1]]
    assert [(match.winner, match.decision) for match in replay.matches] == [
        match.outcome() for match in expected
    ]
    assert [[game.loser for game in match.games] for match in replay.matches] == [
        [loser for _, loser, _ in match.games] for match in expected
    ]
    assert [game.score for match in replay.matches for game in match.games] == scores
    assert [[game.ending for game in match.games] for match in replay.matches] == [
        [ending for _, _, ending in match.games] for match in expected
    ]
    assert replay.notes == ()


def disguised(plays, rng):
    """The same plays with what may be missing missing, and with others between that mean nothing."""
    told = []
    for original in plays:
        one = dict(original)
        if rng.random() < 0.3 and isinstance(one.get("log"), dict):
            one["log"] = [one["log"]]
        if isinstance(one.get("log"), list) and rng.random() < 0.2:
            one["log"] = [*one["log"], "no line", None, 7, {}]
        hidden = rng.choice(["play", "username", "log", "none", "none"])
        if hidden == "play" and one["play"] != "Begin next duel":
            del one["play"]
        elif hidden == "username" and "log" in one:
            one.pop("username", None)
        elif hidden == "log" and one["play"] != "Pick first":
            one.pop("log", None)
        told.append(one)
        told += rng.sample(NOISE, rng.randrange(3))
    return replay_file(*told, player1={"username": ANN}, player2={"username": BOB})


NOISE = [
    play("Duel message", ANN, "Admitted defeat"),
    play("Duel message", BOB, "Accepted the rematch offer"),
    play("Left duel", ANN, "Went offline"),
    play("Offer rematch", BOB, "Offered a rematch"),
    play("Unheard of", BOB, "Did what nobody has heard of"),
    play("Siding", None),
    play("Countdown", ANN, countdown=90),
    {"play": None, "username": 7, "log": 3, "seconds": "soon", "over": "yes"},
    {"play": ["Admit defeat"], "username": ANN},
    {},
    None,
    "Admit defeat",
    [1],
    {"play": "Good", "username": ANN, "log": line("Lost Duel", ANN, kind="chat")},
]


def test_noise_is_noise():
    assert told(*NOISE) == []
    assert orjson.loads(replay_file(*NOISE))["plays"] == NOISE
