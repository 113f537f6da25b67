"""Puts the slices' definitions together, and nothing else."""

import dagster as dg

from .production.defs import defs as production

defs = dg.Definitions.merge(production)
