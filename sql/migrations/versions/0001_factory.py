"""The factory's tables: document 001 in schema factory."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
