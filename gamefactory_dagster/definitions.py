"""Puts the slices' definitions together, and nothing else."""

import dagster as dg

from .analytics.defs import defs as analytics
from .learning.defs import defs as learning
from .production.defs import defs as production

# What the UI's Materialize button starts runs in one process too: one for every asset costs seconds each.
defs = dg.Definitions.merge(dg.Definitions(executor=dg.in_process_executor), production, analytics, learning)
