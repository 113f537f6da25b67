"""Where a request is by how far its game is, and what there is to say on the way there. Pure.

What belongs here: the walk, and its words. What does not: reading the game (``production/single.py``) and
writing the walk down (``following.py``).

A request only ever goes on: a game that is put back to an earlier step is waited for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from gamefactory_dagster.production.lifecycle import PUBLISHED
from gamefactory_dagster.production.single import Standing, Story

from .states import PHASES, Phase, phase_of, status_of

_ORDER: tuple[Phase, ...] = tuple(PHASES)

RUNNING = {
    "phase1": "Finding the idea",
    "phase2": "Setting up and designing what is measured",
    "phase3": "Building: rules, art, sound and levels",
    "phase4": "Testing, packing and publishing",
}


@dataclass(frozen=True, slots=True)
class Stride:
    """One change of a request's status: the phase that is over with it, and the one that begins."""

    status: str
    over: Phase | None = None
    begun: Phase | None = None
    error: str | None = None
    """Why ``over`` failed; None where it did not."""

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What the log says of it, as the document does: level and message."""
        said = []
        if self.over is not None:
            good = ("info", f"{self.over} completed")
            said.append(good if self.error is None else ("error", f"{self.over} error: {self.error}"))
        if self.begun is not None:
            said.append(("info", f"Starting {self.begun}"))
        return said


def walk(status: str, game: Standing | None) -> list[Stride]:
    """Give what a request in ``status``, planned and not at its end, has yet to go through.

    ``game``: None where it is gone. Nothing where the request is as far as its game.
    """
    return list(_walk(status, game))


def _walk(status: str, game: Standing | None) -> Iterator[Stride]:
    at = next((number for number, phase in enumerate(_ORDER, 1) if status_of(phase) == status), 0)
    if game is None:
        yield Stride("failed", _ORDER[max(at, 1) - 1], error="its game is no longer there")
        return
    reached = _reached(game)
    while at < min(reached, len(_ORDER)):
        over = _ORDER[at - 1] if at else None
        yield Stride(status_of(_ORDER[at]), over, _ORDER[at])
        at += 1
    if reached > len(_ORDER):
        yield Stride("completed", _ORDER[-1])
    elif game.status in ("failed", "cancelled"):
        words = game.error_message or f"its game {'failed' if game.status == 'failed' else 'was cancelled'}"
        yield Stride("failed", _ORDER[max(at, 1) - 1], error=words)


def _reached(game: Standing) -> int:
    """Give how many phases the game has begun, and one more once it is published."""
    if game.status == "published":
        return len(_ORDER) + 1
    if game.current_step == 0 and game.status in ("created", "cancelled"):
        return 0
    return _ORDER.index(phase_of(min(game.current_step + 1, PUBLISHED))) + 1


def outcome(phase: Phase, story: Story) -> dict[str, Any]:
    """Give what there is to say of a phase that is over."""
    guide = story.design.get("style_guide", {})
    match phase:
        case "phase1":
            style = str(guide.get("style", story.style))
            idea = {"title": story.name, "genre": story.genre, "theme": story.theme, "style": style}
            shown = f"{story.name}: a {story.genre} game, {story.theme}, {style.replace('_', ' ')}"
            return {"detail": shown, **idea, "cast": guide.get("cast", {}), "light": guide.get("light")}
        case "phase2":
            named = ", ".join(name.replace("_", " ") for name in story.design.get("mechanics", ()))
            return {"detail": f"Designed around {named}" if named else "Designed"}
        case "phase3":
            return {
                "detail": f"{story.assets:,} pictures and sounds, {story.levels:,} levels proven winnable"
            }
        case "phase4":
            size = "" if story.build_bytes is None else f", {story.build_bytes / 1000:,.0f} kB"
            return {"detail": f"Published as {story.slug}{size}"}


def unplaced(idea: Mapping[str, Any]) -> str:
    """Say of what was named that it is not in the game; ``idea``: what there is to say of phase 1.

    Empty while there is no design, and where everything is in it.
    """
    wishes, cast = idea.get("reading", {}).get("wishes", {}), idea.get("cast")
    if cast is None:
        return ""
    named = [mention["subject"] for mention in wishes.get("subjects", ())]
    without = [subject for subject in named if subject not in cast.values()]
    return f"No part was left for: {', '.join(without)}." if without else ""


def moment_of(phase: Phase, what: Literal["begun", "ended"], story: Story) -> datetime | None:
    """Give when a phase's first step began, or its last one ended; None where that is not known."""
    steps = PHASES[phase]
    return story.begun.get(steps[0]) if what == "begun" else story.ended.get(steps[-1])
