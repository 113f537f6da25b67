"""SQLAlchemy models of the migrated schema: one file a PostgreSQL schema, no behaviour.

Every such file is listed here, so that ``METADATA`` knows all tables.
"""

from . import analytics, base, factory

__all__ = ["METADATA", "analytics", "factory"]

METADATA = base.Base.metadata
