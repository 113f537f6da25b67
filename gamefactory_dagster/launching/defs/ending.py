"""How runs end that nobody is at any more.

What belongs here: what Dagster is told of such a run. What does not: finding out that nobody is at it
(``launching/parent.py``, ``broker_launcher.py``).
"""

import dagster as dg

from . import private


def end(instance: dg.DagsterInstance, run_id: str, why: str) -> None:
    """End a run unless it has ended, or is there no more; one to be cancelled is cancelled."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.is_finished or had_ended(instance, run_id):
        return
    if run.status == dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, why)
    else:
        instance.report_run_failed(run, why)


def had_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether a run had ended when Dagster was told that it would be cancelled; then it is what it was."""
    told = private.end_told(instance, run_id)
    if told is not None:
        instance.report_dagster_event(told, run_id)
    return told is not None
