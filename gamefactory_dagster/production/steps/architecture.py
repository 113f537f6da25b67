"""Lay out the source: the player's layers and the chosen family's rules and view, in load order.

Every file must parse, and may name only what files before it define: layers point one way.
"""

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.player import layers

from .base import StepJob, StepResult


def run(job: StepJob) -> StepResult:
    """Write ``web/src/``, in the order of its ``manifest.json``."""
    sources = player.sources(job.family)
    scripts = {name: content for name, content in sources.items() if name.endswith(".js")}
    return StepResult(
        changes={f"web/src/{name}": content for name, content in sources.items()},
        artifacts={"sources": list(scripts)},
        checks={"layers": layers.problems(sources, to_come=player.GENERATED)},
        tables={
            "sources": [
                {"file": name, "lines": content.count(b"\n"), "bytes": len(content)}
                for name, content in scripts.items()
            ]
        },
    )
