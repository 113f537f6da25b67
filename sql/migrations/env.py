"""Alembic's entry: runs the revisions on the connection that ``database/migrations.py`` hands over.

All revisions of one call are one transaction under one lock, so two processes may upgrade at once.
"""

from alembic import context

from gamefactory_dagster.database.locks import Lock, take
from gamefactory_dagster.database.migrations import VERSION_SCHEMA

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema=VERSION_SCHEMA)
with context.begin_transaction():
    take(connection, Lock.MIGRATION)
    context.run_migrations()
