"""Real files with known outcomes: games, the running score, the winner of each match; file by file."""

import orjson
import pytest

from gamefactory_dagster.replays.parsing import parse
from gamefactory_dagster.settings import CHECKOUT

DATA = CHECKOUT.parent / "shared" / "data" / "replays"
FILES = sorted(path.name for path in DATA.glob("replay_*.json"))

pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(not FILES, reason="no real replays: ../shared/data/replays is not there"),
]


@pytest.mark.parametrize("name", FILES or ["none"])
def test_a_real_file_is_read_as_the_site_counted_it(name):
    truth = orjson.loads((DATA / "truth.json").read_bytes())[name]
    content = (DATA / name).read_bytes()
    replay = parse(content)
    assert replay.games == truth["games"]
    continued = [game for match in replay.matches for game in match.games[:-1]]
    assert ["({}-{}-{})".format(*game.score) for game in continued] == truth["scores"]
    recorded = [play["score"] for play in orjson.loads(content)["plays"] if "score" in play]
    between = [game for match in replay.matches for game in match.games][: len(recorded)]
    assert ["({}-{}-{})".format(*game.score) for game in between] == recorded
    assert replay.notes == ()
    if truth["rating_points"]:
        one, two = truth["rating_points"]
        assert (one > 0) != (two > 0)
        assert replay.matches[-1].winner == (0 if one > 0 else 1)


def test_points_of_every_match_in_a_file_go_to_its_winner():
    checked = 0
    for name in FILES:
        given = orjson.loads((DATA / name).read_bytes())
        winners = iter(match.winner for match in parse((DATA / name).read_bytes()).matches)
        for play in given["plays"]:
            if not (play["play"] == "Quit duel" or play.get("over")):
                continue
            points = [play[seat]["points"] for seat in ("player1", "player2")]
            if any(points):
                assert next(winners) == (0 if points[0] > 0 else 1), (name, play["play"])
                checked += 1
    assert checked >= 18
