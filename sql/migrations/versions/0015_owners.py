"""Whose batches are: who ordered them."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
