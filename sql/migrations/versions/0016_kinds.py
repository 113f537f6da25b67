"""A column and an index of the kinds of runs."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
