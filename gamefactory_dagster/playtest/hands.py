"""The studio's bots, and what a playtest asks of a game's rules beside: going on after a loss, endless runs.

What belongs here: what needs V8. What does not: who goes on and when (``lives.py``), what the play is worth
(``moods.py``).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gamefactory_dagster.studio.families.base import Certificate, Family, Level
from gamefactory_dagster.studio.families.bots import Bots, Played, Try
from gamefactory_dagster.studio.families.lab import Lab

HANDS = Path(__file__).with_name("hands.js")

ENDLESS_SECTIONS = 8
"""The gentlest so many make a playtest's endless run, the same for all: about three minutes, and whoever
comes to its end stops there. To prove that a run of all twenty can be passed takes ten times as long."""

ENDLESS_SEED = 1


class Again(NamedTuple):
    """A try that was lost, played once more and going on where it was lost."""

    lost: Try


class Hands(Bots):
    """Bots who can go on with a lost level. Close them, or use them as a context manager."""

    def __init__(self, family: Family, levels: Sequence[Level], certificates: Sequence[Certificate]) -> None:
        super().__init__(family, levels, certificates)
        scripts = [family.folder / name for name in family.laboratory + family.bots]
        text = "\n".join(path.read_text(encoding="utf-8") for path in scripts)
        pairs = [(level, proof.trace) for level, proof in zip(levels, certificates, strict=True)]
        try:
            self._lab.call("eval", HANDS.read_text(encoding="utf-8"))
            self.revives: bool = self._lab.call("Hands.open", text, pairs)
            """Whether the rules let a lost level go on."""
        except BaseException:
            self.close()
            raise

    def play(self, tries: Sequence[Try | Again]) -> list[Played]:
        """What becomes of each, in the same order."""
        return [Played(*played) for played in self._lab.call("Hands.play", tries)]

    def happenings(self, levels: int) -> list[dict[str, int]]:
        """What happens in each of the first ``levels`` when it is won, and how often."""
        found: list[dict[str, int]] = self._lab.call("Hands.happenings", levels)
        return found


def endless_run(family: Family, sections: Sequence[Mapping[str, Any]]) -> tuple[Level, Certificate] | None:
    """A run made of a game's ``sections`` with its proof; None where there are none, or no way was found."""
    if not sections:
        return None
    with Lab(family) as lab:
        level: Level = lab.call("Rules.endless", sections[:ENDLESS_SECTIONS], ENDLESS_SEED)
        solved = lab.solve(level)
        if not solved.won:
            return None
        replay = lab.replay(level, solved.trace)
    return level, Certificate(
        level=level["number"],
        trace=solved.trace,
        frames=solved.frames,
        final_hash=replay.hash,
        steadiness=0.0,
        ease=0.0,
        explored=solved.explored,
    )
