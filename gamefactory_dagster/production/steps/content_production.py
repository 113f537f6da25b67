"""Make ten levels along the difficulty curve. Every level carries a certificate: inputs that win it.

The first one to three are free, each of the rest is unlocked by a rewarded ad. Besides, thirty daily levels,
and the sections of the endless mode where the family has one, proven likewise.
"""

from typing import Any

from gamefactory_dagster.studio.design.gdd import LEVELS
from gamefactory_dagster.studio.families import difficulty
from gamefactory_dagster.studio.families.base import Certificate
from gamefactory_dagster.studio.families.extras import make_dailies, make_sections
from gamefactory_dagster.studio.families.lab import Lab
from gamefactory_dagster.studio.families.levels import make_levels

from .base import DAILY_CERTIFICATES, SECTION_PROOFS, StepJob, StepResult, level_rows, to_json


def run(job: StepJob) -> StepResult:
    """Generate, solve and certify all ten levels, the daily ones and the sections."""
    data = job.json("web/game.json")
    with Lab(job.family) as lab:
        made = make_levels(job.family, job.gdd, lab, job.check)
        dailies = make_dailies(job.family, job.gdd, lab, job.check)
        sections, proofs = make_sections(job.family, job.gdd, lab, job.check)
    levels = [level for level, _ in made]
    certificates = [certificate for _, certificate in made]
    data |= {"levels": levels, "dailies": [level for level, _ in dailies]}
    daily = [certificate.as_json() for _, certificate in dailies]
    changes: dict[str, bytes | None] = {DAILY_CERTIFICATES: to_json(daily)}
    artifacts: dict[str, Any] = {
        "levels": len(levels),
        "certificates": [certificate.as_json() for certificate in certificates],
        "dailies": daily,
        "difficulty": _difficulty(job, certificates),
    }
    if sections:
        data["sections"] = sections
        artifacts["sections"] = [proof.as_json() for proof in proofs]
        changes[SECTION_PROOFS] = to_json(artifacts["sections"])
    for certificate in certificates:
        changes[f"certificates/level_{certificate.level:02}.json"] = to_json(certificate.as_json())
    changes["web/game.json"] = to_json(data)
    return StepResult(
        changes=changes,
        artifacts=artifacts,
        checks={"ten certified levels": _miscounted(certificates)},
        tables={"certificates": level_rows(certificates)},
    )


def _miscounted(certificates: list[Certificate]) -> list[str]:
    numbers = [certificate.level for certificate in certificates]
    return [] if numbers == list(range(1, LEVELS + 1)) else [f"levels made: {numbers}"]


def _difficulty(job: StepJob, certificates: list[Certificate]) -> dict[str, Any]:
    """What was aimed for and what came of it: told, not failed: most games meet it, none is unfair."""
    shares = [certificate.completion or 0.0 for certificate in certificates]
    wrong = difficulty.faults(shares)
    for fault in wrong:
        job.say(fault)
    curve = job.gdd.difficulty_curve
    return {
        "aims": [round(difficulty.aim(curve, number).target, 4) for number in range(1, LEVELS + 1)],
        "won": shares,
        "spearman": round(difficulty.spearman(shares), 4),
        "faults": wrong,
    }
