"""What a worker does, and what it finds done: imports, and what else costs every process the same.

What belongs here: one run, and telling Dagster of runs whose workers are gone. What does not: processes
(``launching/parent.py``).
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

import dagster as dg
from sqlalchemy.orm import configure_mappers

from gamefactory_dagster.settings import get_settings
from gamefactory_dagster.studio import player
from gamefactory_dagster.studio.audio import effects, ensemble
from gamefactory_dagster.studio.families import FAMILIES
from gamefactory_dagster.studio.player import layers
from gamefactory_dagster.studio.tools import v8
from gamefactory_dagster.studio.tools.storage import import_client

from . import ending, private
from .launcher import DEFINITIONS, is_ours

GONE = "The worker of this run is gone: it was killed, or ended with the process it came from."

STOPPED_EARLY = "The run was stopped before its worker began."

PRELOADED = (
    "dagster_postgres",
    "dulwich.index",
    "dulwich.repo",
    "dulwich.worktree",
    "fsspec.implementations.local",
    "gamefactory_dagster.studio.art.backdrop",
    "gamefactory_dagster.studio.art.draw",
    "gamefactory_dagster.studio.art.sprites",
    "gamefactory_dagster.studio.art.subjects.picture",
    "numpy.fft",
    "numpy.ma",
    "numpy.random",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.ImageDraw",
    "PIL.ImageFilter",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "py_mini_racer",
    "rjsmin",
    "soundfile",
    "svgelements",
    "upath.core",
    "upath.implementations.local",
)
"""What steps import only when they need it. Not pandas: it starts a thread, and most runs do without."""

private.capture_alone()
private.resolve(DEFINITIONS, "defs")
for name in PRELOADED:
    import_module(name)
configure_mappers()
ensemble.record_all()
effects.record_all()
for family in FAMILIES.values():
    layers.read_all(player.sources(family))
v8.load_library()
for url in get_settings().urls:
    import_client(url)


def run(run_id: str, *, resumes: bool, tags: Mapping[str, str] | None = None) -> int:
    """Do a run, which is given ``tags`` first; 0 when it succeeded, or was stopped before it began."""
    with dg.DagsterInstance.get() as instance, private.pooled(instance):
        if tags:
            instance.add_run_tags(run_id, tags)
        found = instance.get_run_by_id(run_id)
        if found is not None and found.status == dg.DagsterRunStatus.CANCELING:
            instance.report_run_canceled(found, STOPPED_EARLY)
            return 0
        return private.execute(instance, run_id, resumes=resumes)


def settle(run_ids: Sequence[str], before: float | None) -> None:
    """End these runs, which have no worker, unless they have ended.

    ``before``: seconds since 1970; all runs of ours count that were last told of before then.
    """
    with dg.DagsterInstance.get() as instance:
        for run_id in run_ids:
            ending.end(instance, run_id, GONE)
        if before is not None:
            for record in instance.get_run_records(dg.RunsFilter(statuses=_AT_WORK)):
                run = record.dagster_run
                if is_ours(run) and record.update_timestamp.timestamp() < before:
                    ending.end(instance, run.run_id, GONE)


_AT_WORK = [
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
