"""Decide what the game is: mechanics chosen by the learning weights, and a design like no other.

The design is checked against every game there is. At 80 % similarity or more it is made again with other
choices, five tries at most; every try is kept. Once a design is in ``games.gdd_spec`` it is never made again.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.database.tables.factory import Batch, Game, GameStep
from gamefactory_dagster.errors import PermanentError
from gamefactory_dagster.learning.choice import Choice, choose
from gamefactory_dagster.learning.weights import candidates
from gamefactory_dagster.studio.design.constraints import Constraints
from gamefactory_dagster.studio.design.gdd import GDD
from gamefactory_dagster.studio.design.similarity import LIMIT, most_similar
from gamefactory_dagster.studio.designer import Brief
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
    return _result(GDD.model_validate(spec), made)


def _settle(connection: sa.Connection, job: StepJob) -> tuple[GDD, dict[str, Any]]:
    wanted = connection.scalar(sa.select(Batch.constraints).where(Batch.id == job.game["batch_id"]))
    constraints = Constraints.from_json(wanted or {})
    choice = _choose(connection, job, constraints)
    brief = Brief(
        name=job.game["name"],
        slug=job.game["slug"],
        genre=job.game["genre"],
        theme=job.game["theme"],
        style=job.game["style"],
        seed=job.game["seed"],
        constraints=constraints,
        mechanics=choice.names,
    )
    tries: list[dict[str, Any]] = []
    for attempt in range(TRIES):
        gdd = job.providers.designer.design(brief, attempt)
        seen = looks(family_for(gdd.genre), gdd)
        nearest = most_similar({**gdd.model_dump(), **seen}, _other_designs(connection, job))
        score, slug = nearest or (0.0, None)
        tries.append({"attempt": attempt + 1, "nearest": slug, "similarity": round(score, 4)})
        job.say(
            f"design {attempt + 1}: {score:.0%} like {slug}" if slug else f"design {attempt + 1}: the first"
        )
        if score < LIMIT:
            return gdd, {"gdd": "gdd.json", "tries": tries, "choice": choice.as_json(), "looks": seen}
    raise PermanentError(
        f"{TRIES} designs in a row were {LIMIT:.0%} or more like a game that exists: {tries}"
    )


def _choose(connection: sa.Connection, job: StepJob, constraints: Constraints) -> Choice:
    family = family_for(job.game["genre"])
    allowed = [
        candidate
        for candidate in candidates(connection, job.game["genre"])
        if candidate.name in family.mechanics and candidate.name not in constraints.mechanics_excluded
    ]
    return choose(allowed, job.game["seed"], family.core, required=constraints.mechanics_required)


def _other_designs(connection: sa.Connection, job: StepJob) -> Iterator[dict[str, Any]]:
    """Designs to differ from, with their looks: every other game's, of this batch only those planned before.

    They are streamed. Siblings planned later differ from this one when their turn comes, so the result does
    not depend on which of two siblings is designed first.
    """
    sibling = sa.and_(
        Game.batch_id == job.game["batch_id"], Game.batch_position >= job.game["batch_position"]
    )
    first = sa.and_(GameStep.game_id == Game.id, GameStep.step_number == 1)
    statement = (
        sa.select(Game.gdd_spec, GameStep.artifacts["looks"])
        .outerjoin(GameStep, first)
        .where(Game.gdd_spec != {}, Game.id != job.id, sa.not_(sa.func.coalesce(sibling, False)))
        .execution_options(yield_per=500)
    )
    for design, seen in connection.execute(statement):
        if design is not None:
            yield {**design, **(seen or {})}


def _result(gdd: GDD, made: dict[str, Any]) -> StepResult:
    design = gdd.model_dump(mode="json")
    nearest = made["tries"][-1]
    return StepResult(
        changes={"gdd.json": to_json(design)},
        artifacts=made,
        checks={"similarity": [] if nearest["similarity"] < LIMIT else [f"too like {nearest['nearest']}"]},
        game={"selected_mechanics": list(gdd.mechanics), "selected_template": gdd.family},
        tables={
            "design": [{"field": field, "value": _shown(value)} for field, value in design.items()],
            "similarity": made["tries"],
            "mechanics": made["choice"]["ranking"],
        },
    )


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return str(value)
