"""What working at background jobs needs beside the document's columns."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
