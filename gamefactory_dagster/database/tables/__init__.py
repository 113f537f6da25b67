"""SQLAlchemy models of the migrated schema.

What belongs here: tables as the newest revision leaves them, a file a PostgreSQL schema, all listed below so
that ``METADATA`` knows them. What does not: behaviour, and how the schema came to be (``sql/migrations/``).
"""

from . import analytics, background, base, factory, ledger, replays, requests

__all__ = ["METADATA", "analytics", "background", "factory", "ledger", "replays", "requests"]

METADATA = base.Base.metadata
