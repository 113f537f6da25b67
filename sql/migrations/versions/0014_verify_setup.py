"""The run ledger: document 002's verify_setup. Changes nothing, and refuses what is not as it should be."""

from alembic import op

from gamefactory_dagster.database.migrations import refuse_unprotected

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Raise PermanentError unless all that protects the ledger is there and nothing weakens it."""
    refuse_unprotected(op.get_bind())


def downgrade() -> None:
    """There is nothing to take back."""
