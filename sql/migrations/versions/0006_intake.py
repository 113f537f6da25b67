"""Games made elsewhere, and the files of the landing zone."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
