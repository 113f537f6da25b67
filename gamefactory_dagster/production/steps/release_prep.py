"""Build the release: optimised bundle, store texts, privacy page, and a row of ``game_builds``.

The bundle must keep its budget and be byte-identical when it is built again.
"""

from datetime import UTC, datetime

from gamefactory_dagster.studio.shipping import texts
from gamefactory_dagster.studio.shipping.build import problems, single_html

from .base import VERSION, StepJob, StepResult, to_json

BUILD_NUMBER = 1
"""Every game has one release build; making it again writes the same row."""


def run(job: StepJob) -> StepResult:
    """Build, check, store, and record the build."""
    gdd = job.gdd
    started = datetime.now(UTC)
    pages = {
        "store/listing.json": to_json(texts.store_listing(gdd)),
        "web/privacy.html": texts.privacy_page(gdd).encode(),
    }
    files = {**job.files, **pages}
    bundle = job.providers.builder.build(files, VERSION)
    again = job.providers.builder.build(files, VERSION)
    store = job.providers.artifacts
    zipped = store.put("builds", bundle.zip, ".zip")
    single = store.put("builds", single_html(bundle), ".html")
    return StepResult(
        changes={**pages},
        artifacts={
            "bundle": {"url": zipped.url, "sha256": bundle.sha256, "size": bundle.size},
            "single_html": {"url": single.url, "sha256": single.sha256, "size": single.size},
        },
        checks={
            "bundle": problems(bundle),
            "reproducible": [] if again.zip == bundle.zip else ["two builds of the same files differ"],
        },
        builds=[
            {
                "build_number": BUILD_NUMBER,
                "status": "success",
                "platform": "web",
                "build_type": "release",
                "artifact_url": zipped.url,
                "version_name": VERSION,
                "version_code": BUILD_NUMBER,
                "file_size_bytes": bundle.size,
                "checksum": bundle.sha256,
                "started_at": started,
                "completed_at": datetime.now(UTC),
            }
        ],
        tables={
            "bundle": [
                {"file": path, "bytes": len(content)}
                for path, content in sorted(bundle.files.items(), key=lambda item: -len(item[1]))
            ]
        },
    )
