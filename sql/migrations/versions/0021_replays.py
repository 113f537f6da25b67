"""Replay analysis, as document 003 has it, and what becomes of each link of a job."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
