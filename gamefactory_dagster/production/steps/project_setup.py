"""Set up the game's repository: page of the web player, licence, README, publishing workflow."""

import orjson
import yaml

from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.shipping import texts

from .base import StepJob, StepResult, to_json

REQUIRED = ("README.md", "LICENSE", "web/index.html", "web/manifest.webmanifest", ".github/workflows/web.yml")


def run(job: StepJob) -> StepResult:
    """Write the files every game starts with."""
    gdd = job.gdd
    changes: dict[str, bytes | None] = {
        "README.md": texts.readme(gdd).encode(),
        "LICENSE": texts.licence(gdd).encode(),
        "web/index.html": player.page(gdd),
        "web/manifest.webmanifest": to_json(texts.web_manifest(gdd)),
        ".github/workflows/web.yml": texts.web_workflow(gdd).encode(),
    }
    return StepResult(
        changes=changes,
        artifacts={"files": sorted(changes)},
        checks={
            "files": [f"{path} is missing or empty" for path in REQUIRED if not changes.get(path)],
            "parses": _unparsable({path: content for path, content in changes.items() if content}),
        },
        game={
            "github_repo": f"{gdd.slug}.git",
            "github_repo_url": job.providers.repositories.url(str(job.id)),
        },
        tables={
            "files": [
                {"file": path, "bytes": len(content or b"")} for path, content in sorted(changes.items())
            ]
        },
    )


def _unparsable(files: dict[str, bytes]) -> list[str]:
    """Which YAML and JSON files do not parse, and why."""
    found = []
    for path, content in files.items():
        try:
            if path.endswith((".yml", ".yaml")):
                yaml.safe_load(content)
            elif path.endswith((".json", ".webmanifest")):
                orjson.loads(content)
        except (yaml.YAMLError, orjson.JSONDecodeError) as error:
            found.append(f"{path}: {error}")
    return found
