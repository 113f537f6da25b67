"""Which months of events were moved to the artifact store."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
