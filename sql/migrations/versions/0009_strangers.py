"""What the collector remembers of strangers, and the games it makes learning careful with."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
