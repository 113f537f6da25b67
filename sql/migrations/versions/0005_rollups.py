"""Daily rollups: who played when, and what the day's metrics need beside document 001."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
