"""``gamefactory events`` and ``gamefactory metrics``: the command line of analytics, put together.

What belongs here: reading options, calling, saying what was done. What does not: the work itself, which is in
the modules beside this folder.
"""

import typer

from . import archive, metrics
from .imports import import_events
from .landing import landed
from .quarantine import quarantine_app

events_app = typer.Typer(
    no_args_is_help=True, help="Take in events, look at refused ones, archive old months."
)
metrics_app = typer.Typer(no_args_is_help=True, help="Compute the daily metrics and get them out.")

events_app.command("import")(import_events)
events_app.command("landed")(landed)
events_app.command("archive")(archive.archive)
events_app.command("restore")(archive.restore)
events_app.add_typer(quarantine_app, name="quarantine")
metrics_app.command("refresh")(metrics.refresh)
metrics_app.command("export")(metrics.export)
metrics_app.command("query")(archive.query)
