"""Generate the event names of the game's analytics client; code and spec must name the same."""

from gamefactory_dagster.studio.design.event_spec import code_problems, javascript
from gamefactory_dagster.studio.player import layers

from .base import StepJob, StepResult


def run(job: StepJob) -> StepResult:
    """Generate ``web/src/events.js`` and compare its names with the spec's."""
    spec = job.json("analytics/events.json")
    source = javascript(spec)
    folder = "web/src/"
    sources = {"events.js": source} | {
        path.removeprefix(folder): job.files[path] for path in job.files if path.startswith(folder)
    }
    return StepResult(
        changes={"web/src/events.js": source},
        artifacts={"client": "web/src/events.js"},
        checks={
            "code sends what the spec says": code_problems(spec, sources),
            "layers": layers.problems(sources),
        },
        texts={"events.js": f"```js\n{source.decode()}\n```"},
    )
