"""Replay files as the site gives them, the smallest there are."""

import json


def recorded(number, winner="Ann", loser="Ben"):
    """One game: the winner goes first, draws a few cards, and the loser admits defeat."""

    def play(kind, who, said, private=""):
        log = {"type": "duel", "username": who, "public_log": said, "private_log": private or said}
        return {"play": kind, "username": who, "seconds": 5, "log": log}

    draws = [play("Draw card", winner, "Drew a card", f'Drew "Card {place}"') for place in range(3)]
    return {
        "id": number, "date": "2026-01-02 03:04:05", "format": "ar", "rated": True, "match_type": "s",
        "player1": {"username": winner}, "player2": {"username": loser},
        "plays": [play("Pick first", winner, "Chose to go first"), *draws,
                  play("Admit defeat", loser, "Admitted defeat")],
    }  # fmt: skip


def write(path, number, **who):
    """Write such a file, and give its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(recorded(number, **who)))
    return path
