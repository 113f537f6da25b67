"""PGMQ, and the queue of background jobs with the one for those that failed for good (document 004)."""

from alembic import op

from gamefactory_dagster.database import pgmq
from gamefactory_dagster.database.migrations import run_beside

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Have PGMQ, in whatever form there is, then the queues."""
    pgmq.install(op.get_bind())
    run_beside(__file__, "up")


def downgrade() -> None:
    """Take away queues that are empty, and PGMQ where it is ours and nothing is left in it."""
    run_beside(__file__, "down")
    pgmq.remove(op.get_bind())
