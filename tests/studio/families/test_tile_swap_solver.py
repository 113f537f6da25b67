"""The solver: what it finds wins, what it proves unwinnable is, and it says when it does not know."""

import pytest

from tests.studio.families.tile_swap_support import EVERYTHING, READY, level, settle

SMALL = {"columns": 4, "rows": 4, "kinds": 4, "moves": 2}


def best_of_all(lab, drawn):
    """Most points any two swaps make on a small board, by trying every one with the plain rules."""
    best, fringe = 0, [lab.call("Rules.start", drawn, drawn["seed"])]
    for _ in range(drawn["moves"]):
        grown = []
        for state in fringe:
            for input_ in lab.call("Rules.swaps", state["board"], drawn["columns"], drawn["rows"]):
                after = settle(lab, state, input_)[-1]
                best = max(best, after["score"])
                if not after["outcome"]:
                    grown.append(after)
        fringe = grown
    return best


@pytest.mark.parametrize("seed", [1, 9, 19])
def test_it_agrees_with_trying_everything(lab, seed):
    asking = {"goals": [{"type": "score", "kind": 0, "count": 99999}], "seed": seed, "combos": 1}
    best = best_of_all(lab, level(**SMALL, **asking))
    assert best > 0
    reached = lab.solve(level(**SMALL, **{**asking, "goals": [{"type": "score", "kind": 0, "count": best}]}))
    assert reached.won
    beyond = lab.solve(
        level(**SMALL, **{**asking, "goals": [{"type": "score", "kind": 0, "count": best + 1}]})
    )
    assert (beyond.won, beyond.complete) == (False, True)


def test_a_level_that_leaves_no_time_for_a_pause_is_not_called_unwinnable(lab):
    drawn = level(**SMALL, goals=[{"type": "score", "kind": 0, "count": 30}], seed=2, clock=10)
    slow = {"pace": 320}
    assert not lab.solve(drawn, {"proof": 0, **slow}).won
    report = lab.solve(drawn, slow)
    assert report.won and report.raw["pace"] == 0
    assert lab.replay(drawn, report.trace).outcome == 1


def test_it_does_not_claim_a_proof_it_has_not_made(lab):
    report = lab.solve(level(goals=[{"type": "collect", "kind": 1, "count": 5000}]))
    assert (report.won, report.complete) == (False, False)
    assert 0 < report.raw["short"][0] < 5000
    stopped = lab.solve(level(goals=[{"type": "collect", "kind": 1, "count": 5000}]), {"proof": 500})
    assert (stopped.won, stopped.complete) == (False, False)
    narrow = level(**SMALL, goals=[{"type": "score", "kind": 0, "count": 99999}], seed=1)
    assert lab.solve(narrow).complete
    assert not lab.solve(narrow, {"pace": 0, "width": 1, "proof": 0}).complete


@pytest.mark.parametrize("changes", [{}, EVERYTHING, {"turning": 1, "stones": [[20, 1], [21, 2]]}])
def test_a_trace_replays_to_the_very_state_it_ended_in(lab, changes):
    drawn = level(**changes)
    report = lab.solve(drawn)
    assert report.won
    played = lab.replay(drawn, report.trace)
    assert (played.outcome, played.frames) == (1, report.frames)
    assert sum(frames for _, frames in report.trace) == report.frames
    assert lab.replay(drawn, report.trace).hash == played.hash
    other = lab.replay({**drawn, "moves": drawn["moves"] + 1}, report.trace)
    assert other.hash != played.hash
    assert lab.solve(drawn).raw == report.raw


def test_a_person_has_time_before_every_swap(lab):
    drawn = level(**EVERYTHING)
    report = lab.solve(drawn)
    state, waited, pauses = lab.call("Rules.start", drawn, drawn["seed"]), 0, []
    for input_, frames in report.trace:
        for _ in range(frames):
            if input_:
                pauses.append(waited)
            waited = waited + 1 if state["phase"] == READY else 0
            state = lab.call("Rules.step", state, input_)
    assert pauses and min(pauses) >= 30
    assert lab.steadiness(drawn, report.trace) == 1.0


def test_a_casual_player_wins_less_of_what_is_harder(lab):
    wins = [
        lab.ease(level(goals=[{"type": "collect", "kind": 1, "count": count}]), [], 30).share
        for count in (10, 30, 60)
    ]
    assert wins[0] > wins[1] > wins[2]
