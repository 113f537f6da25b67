"""One run that works at jobs, in this process as a run worker does it; prints its CPU seconds as JSON.

Usage: python -m benchmarks.background_run JOB...
"""

import json
import sys
import time

import dagster as dg

from benchmarks.background_parts import children
from gamefactory_dagster.background import defs
from gamefactory_dagster.background.worker import Stay


def main() -> None:
    """Do the jobs named on the command line."""
    defs.STAY = Stay()
    job = dg.reconstructable(get_job)
    with children() as used, dg.DagsterInstance.get() as instance:
        config = {"jobs": sys.argv[1:]}
        result = dg.execute_job(job, instance=instance, run_config=config)
        done = sum(1 for event in result.all_events if event.is_successful_output)
    print(json.dumps({"done": done, "cpu": time.process_time(), "children": used.cpu}))


def get_job() -> dg.JobDefinition:
    """For ``reconstructable``."""
    return defs.work_jobs


if __name__ == "__main__":
    main()
