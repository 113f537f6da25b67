"""Puts the slices' definitions together, and nothing else."""

import dagster as dg

# Modules, not their defs: Dagster's commands take the one Definitions they find in this module.
from .analytics import defs as analytics
from .background import defs as background
from .learning import defs as learning
from .ledger import defs as ledger
from .production import defs as production
from .replays import defs as replays
from .requests import defs as requests

# What the UI's Materialize button starts runs in one process too: one for every asset costs seconds each.
defs = dg.Definitions.merge(
    dg.Definitions(executor=dg.in_process_executor),
    production.defs,
    analytics.defs,
    learning.defs,
    ledger.defs,
    background.defs,
    requests.defs,
    replays.defs,
)
