"""Make the loop playable: level 1, with placeholder art. The solver wins it, doing nothing does not.

Doing nothing loses it where time is part of it, and changes nothing where it is not.
"""

from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_level
from gamefactory_dagster.studio.families.proof import check

from .base import StepJob, StepResult, level_rows, to_json
from .game_data import game_data


def run(job: StepJob) -> StepResult:
    """Make and certify level 1."""
    gdd, family = job.gdd, job.family
    with Lab(family) as lab:
        level, certificate = make_level(family, gdd, 1, lab)
        found = check(family, level, certificate, lab)
    return StepResult(
        changes={
            "web/game.json": to_json(game_data(gdd, family, [level])),
            "certificates/level_01.json": to_json(certificate.as_json()),
        },
        artifacts={"certificate": certificate.as_json()},
        checks={"level 1 is won by its certificate and not by doing nothing": found},
        tables={"level 1": level_rows([certificate])},
    )
