"""Typed background jobs, as document 004 has them."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
