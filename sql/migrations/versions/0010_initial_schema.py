"""The run ledger: document 002's initial_schema."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
