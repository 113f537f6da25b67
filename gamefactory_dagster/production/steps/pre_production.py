"""Decide what the game is: as it is wished, its mechanics chosen by the learning weights, like no other.

The design is checked against every game there is. At 80 % similarity or more it is made again with other
choices, five tries at most; every try is kept. Once a design is in ``games.gdd_spec`` it is never made again.

A game of a batch that is too like another has failed. One that somebody wished by itself is then what was
least alike: who wishes for what there is shall have it. Games of its own seed are never compared with it:
they are meant to be like it, as the same wish once more or the other of a pair.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.database.tables.factory import Batch, Game, GameStep
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.learning.choice import COUNT, Choice, choose
from gamefactory_dagster.learning.weights import candidates
from gamefactory_dagster.studio.design.constraints import Constraints
from gamefactory_dagster.studio.design.fulfilment import became
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.design.leanings import asked_of, gentle
from gamefactory_dagster.studio.design.similarity import LIMIT, most_similar
from gamefactory_dagster.studio.design.wishes import Wishes
from gamefactory_dagster.studio.designer import DESIGNERS, Brief, Designer
from gamefactory_dagster.studio.families import family_for
from gamefactory_dagster.studio.families.looks import looks

from .base import StepJob, StepResult, to_json

TRIES = 5
"""Designs made before giving up (docs/studio.md, Similarity)."""


def run(job: StepJob) -> StepResult:
    """Make the design, or take the one an earlier try of this step already settled on."""
    mine = sa.and_(GameStep.game_id == job.id, GameStep.step_number == 1)
    with job.engine.begin() as connection:
        take(connection, Lock.SIMILARITY)
        spec = connection.scalar(sa.select(Game.gdd_spec).where(Game.id == job.id)) or {}
        if spec:
            made = connection.scalar(sa.select(GameStep.artifacts).where(mine)) or {}
        else:
            gdd, made = _settle(connection, job)
            spec = gdd.model_dump(mode="json")
            connection.execute(sa.update(Game).where(Game.id == job.id).values(gdd_spec=spec))
            connection.execute(sa.update(GameStep).where(mine).values(artifacts=made))
    return _result(job, GDD.model_validate(spec), made)


@dataclass(frozen=True, slots=True)
class _Try:
    """One design, what it was chosen by and how like others it is."""

    gdd: GDD
    choice: Choice
    seen: dict[str, Any]
    likeness: float
    nearest: str | None

    def as_row(self, number: int) -> dict[str, Any]:
        """As it is kept and shown."""
        return {"attempt": number, "nearest": self.nearest, "similarity": round(self.likeness, 4)}


def _settle(connection: sa.Connection, job: StepJob) -> tuple[GDD, dict[str, Any]]:
    wanted = connection.scalar(sa.select(Batch.constraints).where(Batch.id == job.game["batch_id"]))
    constraints = Constraints.from_json(wanted or {})
    wishes = Wishes.from_json(job.game.get("wishes") or {})
    tries: list[_Try] = []
    for attempt in range(TRIES):
        made = _try(connection, job, constraints, wishes, attempt)
        tries.append(made)
        like = f"{made.likeness:.0%} like {made.nearest}" if made.nearest else "the first"
        job.say(f"design {attempt + 1}: {like}")
        if made.likeness < LIMIT:
            break
    rows = [made.as_row(number) for number, made in enumerate(tries, start=1)]
    best = tries[-1]
    if best.likeness >= LIMIT:
        if not _is_alone(job):
            raise PermanentError(
                f"{TRIES} designs in a row were {LIMIT:.0%} or more like a game that exists: {rows}"
            )
        best = min(tries, key=lambda made: made.likeness)
        job.say(f"kept the design that is least like {best.nearest}: it is what was wished")
    told = became(wishes, best.gdd)
    for row in told:
        job.say(f"{row['wish']} {row['asked']}: {row['became']}")
    made_of = {"choice": best.choice.as_json(), "looks": best.seen, "wishes": told}
    return best.gdd, {"gdd": "gdd.json", "tries": rows, **made_of}


def _try(
    connection: sa.Connection, job: StepJob, constraints: Constraints, wishes: Wishes, attempt: int
) -> _Try:
    game = job.game
    choice = _choose(connection, job, constraints, wishes, attempt)
    brief = Brief(
        name=game["name"],
        slug=game["slug"],
        genre=game["genre"],
        theme=game["theme"],
        style=game["style"],
        seed=game["seed"],
        constraints=constraints,
        mechanics=choice.names,
        wishes=wishes,
    )
    gdd = _designer(job).design(brief, attempt)
    seen = looks(family_for(gdd.genre), gdd)
    nearest = most_similar({**gdd.model_dump(), **seen}, _other_designs(connection, job))
    likeness, slug = nearest or (0.0, None)
    return _Try(gdd, choice, seen, likeness, slug)


def _is_alone(job: StepJob) -> bool:
    """Whether somebody wished the game by itself."""
    return job.game["batch_id"] is None


def _designer(job: StepJob) -> Designer:
    """The designer the game names, else the installation's."""
    name = job.game.get("designer")
    if name is None:
        return job.providers.designer
    if name not in DESIGNERS:
        raise InputError("designer", name, f"one of {', '.join(DESIGNERS)}")
    return DESIGNERS[name]


def _choose(
    connection: sa.Connection, job: StepJob, constraints: Constraints, wishes: Wishes, attempt: int
) -> Choice:
    """Draw mechanics: what is required and asked for first, nothing that is excluded.

    A game by itself draws anew in every attempt, and one of another designer than the first out of what the
    first one leaves, where that is enough: a pair differs in how it plays.
    """
    game, family = job.game, family_for(job.game["genre"])
    barred = {*constraints.mechanics_excluded, *wishes.without}
    allowed = [
        candidate
        for candidate in candidates(connection, game["genre"])
        if candidate.name in family.mechanics and candidate.name not in barred
    ]
    gentler = gentle([candidate.name for candidate in allowed], wishes, COUNT)
    allowed = [candidate for candidate in allowed if candidate.name in gentler]
    required = (*constraints.mechanics_required, *asked_of(wishes, family.core, family.mechanics))
    count = max(COUNT, len(set(required) & {candidate.name for candidate in allowed}))
    seed = game["seed"] + attempt if _is_alone(job) else game["seed"]
    first = choose(allowed, seed, family.core, count, required)
    if game.get("designer") in {None, next(iter(DESIGNERS))}:
        return first
    left = [one for one in allowed if one.name in required or one.name not in first.names]
    return choose(left if len(left) >= count else allowed, seed, family.core, count, required)


def _other_designs(connection: sa.Connection, job: StepJob) -> Iterator[dict[str, Any]]:
    """Designs to differ from, with their looks: every other game's, of this batch only those planned before.

    They are streamed. Siblings planned later differ from this one when their turn comes, so the result does
    not depend on which of two siblings is designed first. Of a game by itself those of its seed are left out.
    """
    game = job.game
    if _is_alone(job):
        meant_alike: sa.ColumnElement[bool] = Game.seed == game["seed"]
    else:
        meant_alike = sa.and_(
            Game.batch_id == game["batch_id"], Game.batch_position >= game["batch_position"]
        )
    first = sa.and_(GameStep.game_id == Game.id, GameStep.step_number == 1)
    statement = (
        sa.select(Game.gdd_spec, GameStep.artifacts["looks"])
        .outerjoin(GameStep, first)
        .where(Game.gdd_spec != {}, Game.id != job.id, sa.not_(sa.func.coalesce(meant_alike, False)))
        .execution_options(yield_per=500)
    )
    for design, seen in connection.execute(statement):
        if design is not None:
            yield {**design, **(seen or {})}


def _result(job: StepJob, gdd: GDD, made: dict[str, Any]) -> StepResult:
    design = gdd.model_dump(mode="json")
    nearest = made["tries"][-1]
    alike = nearest["similarity"] >= LIMIT and not _is_alone(job)
    return StepResult(
        changes={"gdd.json": to_json(design)},
        artifacts=made,
        checks={"similarity": [f"too like {nearest['nearest']}"] if alike else []},
        game={"selected_mechanics": list(gdd.mechanics), "selected_template": gdd.family},
        tables={
            "design": [{"field": field, "value": _shown(value)} for field, value in design.items()],
            "similarity": made["tries"],
            "mechanics": made["choice"]["ranking"],
            "wishes": made.get("wishes", []),
        },
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)
