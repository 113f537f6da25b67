"""The run ledger: document 002's complete_rls_setup."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
