"""Make ten levels along the difficulty curve. Every level carries a certificate: inputs that win it.

The first one to three are free, each of the rest is unlocked by a rewarded ad.
"""

from gamefactory_dagster.studio.design.gdd import LEVELS
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels

from .base import StepJob, StepResult, level_rows, to_json


def run(job: StepJob) -> StepResult:
    """Generate, solve and certify all ten levels."""
    data = job.json("web/game.json")
    with Lab(job.family) as lab:
        made = make_levels(job.family, job.gdd, lab, job.check)
    levels = [level for level, _ in made]
    certificates = [certificate for _, certificate in made]
    changes: dict[str, bytes | None] = {"web/game.json": to_json({**data, "levels": levels})}
    for certificate in certificates:
        changes[f"certificates/level_{certificate.level:02}.json"] = to_json(certificate.as_json())
    numbers = [certificate.level for certificate in certificates]
    return StepResult(
        changes=changes,
        artifacts={
            "levels": len(levels),
            "certificates": [certificate.as_json() for certificate in certificates],
        },
        checks={
            "ten certified levels": []
            if numbers == list(range(1, LEVELS + 1))
            else [f"levels made: {numbers}"]
        },
        tables={"certificates": level_rows(certificates)},
    )
