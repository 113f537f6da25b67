"""Which cards a player has been seen with: what a line of the log says about his deck, and the totals.

What belongs here: reading one line, and counting. What does not: whose line it is (``plays.py``), and when a
game begins (``outcomes.py``).
"""

import re

_LEFT = re.compile(r'"(.+)" from (?:top of |bottom of )?[Dd]eck\b')
_CAME_BACK = re.compile(r'"(.+)" (?:from .+ |\(\d+/\d+\) )?to (?:top of |bottom of )?[Dd]eck$')
"""The Extra Deck is another one: "from Extra Deck" is neither. A name may hold quotes itself."""

_DREW = 'Drew "'
_ONLY_LOOKED = ("Revealed ", "Pointed at ")
"""What such a line names stays where it is."""


def deck_change(line: str) -> tuple[str, int] | None:
    """Give the card that left its deck (1) or came back to it (-1); None for a line about anything else."""
    if line.startswith(_DREW) and line.endswith('"'):
        name = line[len(_DREW) : -1]
        return (name, 1) if name else None
    if "eck" not in line or line.startswith(_ONLY_LOOKED):
        return None
    left, came_back = _LEFT.search(line), _CAME_BACK.search(line)
    if left and not came_back:
        return left[1], 1
    if came_back and not left:
        return came_back[1], -1
    return None


class Seen:
    """Running totals of one game: player -> card -> copies out of his deck, now and at most.

    A total may fall below zero, where a card came back that was never seen to leave.
    """

    def __init__(self) -> None:
        self._now: dict[str, dict[str, int]] = {}
        self._most: dict[str, dict[str, int]] = {}

    def count(self, player: str, card: str, change: int) -> None:
        """Let a card leave a player's deck, or come back to it."""
        now = self._now.setdefault(player, {})
        most = self._most.setdefault(player, {})
        now[card] = now.get(card, 0) + change
        most[card] = max(most.get(card, 0), now[card])

    def most(self) -> dict[str, dict[str, int]]:
        """Give the highest totals, of cards that were seen at all."""
        return {
            player: {card: copies for card, copies in most.items() if copies}
            for player, most in self._most.items()
        }
