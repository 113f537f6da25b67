"""Columns and indexes for carrying out the work: order, leases, requests, checksums."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
