"""The run ledger: document 002's add_artifact_metadata_safe."""

from gamefactory_dagster.database.migrations import run_beside

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the up file beside this one."""
    run_beside(__file__, "up")


def downgrade() -> None:
    """Run the down file beside this one."""
    run_beside(__file__, "down")
