"""Replay files in a folder."""

from . import recording


def write(path, number, *, winner="Ann", loser="Ben"):
    """Write the recording of one game, in which the winner is seen with three cards; give its path."""
    drawn = [(winner, f"Card {place}") for place in range(3)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(recording.replay_file(
        recording.first(winner, None, *drawn), recording.loss(loser),
        id=number, player1={"username": winner}, player2={"username": loser},
    ))  # fmt: skip
    return path
