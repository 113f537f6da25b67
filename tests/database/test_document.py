"""The migrated schema against documents 001 and 004 themselves: the DDL of one, the tables of the other."""

import re

import pytest
import sqlalchemy as sa

from gamefactory_dagster.database.migrations import catalogue
from gamefactory_dagster.settings import CHECKOUT

SPEC = CHECKOUT.parent / "shared" / "spec"

ADDED_COLUMNS = {
    "batches": {"seed", "error_message", "cancel_requested_at", "owner_id"},
    "games": {
        *(
            "batch_position",
            "seed",
            "theme",
            "style",
            "attempt",
            "lease_owner",
            "lease_epoch",
            "lease_expires_at",
        ),
        *("requested_at", "error_message", "write_key", "play_url", "external", "trusted_until"),
        *("wishes", "designer", "owner_id", "priority", "asked"),
    },
    "game_assets": {"checksum", "size_bytes"},
    "game_builds": {"checksum"},
    "game_metrics": {
        *("ad_prompts", "cohort_d1", "retained_d1", "cohort_d7", "retained_d7", "cohort_d30", "retained_d30"),
    },
}
JOBS_ADDED = {
    *("lease_owner", "lease_epoch", "lease_expires_at", "queue", "message_id", "run_after"),
    *("unique_key", "cancel_requested_at", "retry_of", "log"),
}
ADDED_CONSTRAINTS = {
    *("unique_batch_position", "unique_game_asset", "unique_game_build"),
    *("batches_owner_id_fkey", "games_owner_id_fkey"),
}
ADDED_INDEXES = {
    "idx_batches_open",
    "idx_games_to_request",
    "idx_games_requested",
    "idx_games_cancelled_held",
    "idx_analytics_events_timestamp_brin",
    "idx_analytics_events_received_brin",
}


def document_ddl() -> str:
    files = sorted(SPEC.glob("001_*.txt"))
    if not files:
        pytest.skip(f"no {SPEC}: the documents are not part of the project")
    return "\n".join(re.findall(r"```sql\n(.*?)```", files[0].read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.reference
def test_every_detail_of_the_document_is_there_and_only_listed_additions(connection: sa.Connection) -> None:
    ddl = document_ddl()
    assert ddl.count("CREATE TABLE") == 10
    connection.exec_driver_sql("CREATE SCHEMA document")
    connection.exec_driver_sql("SET LOCAL search_path = document")
    connection.exec_driver_sql(ddl.replace("%", "%%"))
    connection.exec_driver_sql("SET LOCAL search_path = factory, public")

    expected, found = catalogue(connection, "document"), catalogue(connection, "factory")

    # the one change the document forces: a partitioned table's primary key holds the partition key
    key = ("constraint", "analytics_events", "analytics_events_pkey")
    expected.remove((*key, "PRIMARY KEY (id)"))
    expected.add((*key, 'PRIMARY KEY (id, "timestamp")'))
    assert len([row for row in expected if row[0] == "index"]) == ddl.count("CREATE INDEX")
    assert expected - found == set()

    tables = {row[1] for row in expected}
    added = {row for row in found - expected if row[1] in tables}
    columns = {(table, name) for kind, table, name, _ in added if kind == "column"}
    assert columns == {(table, name) for table, names in ADDED_COLUMNS.items() for name in names}
    assert {name for kind, _, name, _ in added if kind == "constraint"} == ADDED_CONSTRAINTS
    assert {name for kind, _, name, _ in added if kind == "index"} == ADDED_INDEXES


def test_events_are_partitioned_by_month_of_their_timestamp(connection: sa.Connection) -> None:
    key = connection.exec_driver_sql(
        "SELECT pg_get_partkeydef('factory.analytics_events'::regclass)"
    ).scalar()
    assert key == 'RANGE ("timestamp")'


@pytest.fixture
def jobs_document() -> str:
    files = sorted(SPEC.glob("004_*.txt"))
    if not files:
        pytest.skip(f"no {SPEC}: the documents are not part of the project")
    return files[0].read_text(encoding="utf-8").partition("### 2.")[0]


@pytest.mark.reference
def test_jobs_have_the_columns_of_their_document_and_only_listed_additions(
    connection: sa.Connection, jobs_document: str
) -> None:
    types = {"INT": "integer", "TIMESTAMPTZ": "timestamp with time zone"}
    rows = re.findall(r"^\| (\w+) \| ([A-Z]+) \| (Yes|No) \|", jobs_document, re.MULTILINE)
    expected = [(name, types.get(kind, kind.lower()), missing == "No") for name, kind, missing in rows]
    assert len(expected) == 14
    columns = """
        SELECT attname, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
        WHERE attrelid = 'public.jobs'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
    """
    found = [tuple(row) for row in connection.exec_driver_sql(columns)]
    assert found[: len(expected)] == expected
    assert {name for name, _, _ in found[len(expected) :]} == JOBS_ADDED


@pytest.mark.reference
def test_jobs_have_the_indexes_and_transitions_of_their_document(
    connection: sa.Connection, jobs_document: str
) -> None:
    wanted = re.findall(r"^- `(\w+)` on `\((\w+)\)`", jobs_document, re.MULTILINE)
    assert len(wanted) == 3
    for name, column in wanted:
        definition = connection.scalar(
            sa.text("SELECT pg_get_indexdef(to_regclass(:name))"), {"name": f"public.{name}"}
        )
        assert definition == f"CREATE INDEX {name} ON public.jobs USING btree ({column})"
    ways = re.findall(r"^- `(\w+)` → `(\w+)`", jobs_document, re.MULTILINE)
    assert len(ways) == 4
    told = connection.exec_driver_sql(
        "SELECT pg_get_functiondef('public.check_job_transition'::regproc)"
    ).scalar()
    assert re.findall(r"\('(\w+)', '(\w+)'\)", str(told)) == ways
