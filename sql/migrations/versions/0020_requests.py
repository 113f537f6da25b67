"""Prompt requests, as document 000 has them, and what a game of one carries."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
