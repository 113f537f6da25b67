"""One checked change: legal or not at all, from the state it says and from no other."""

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import IllegalTransitionError
from gamefactory_dagster.work.leases import matching
from gamefactory_dagster.work.states import Lifecycle, change

THING = Lifecycle(
    "a thing", {"pending": frozenset({"running"}), "running": frozenset({"done"}), "done": frozenset()}
)


def state(engine, rows, number) -> tuple[str, int]:
    columns = rows.table.c.status, rows.table.c.rank
    with engine.connect() as connection:
        return tuple(
            connection.execute(sa.select(*columns).where(matching(rows.table, rows.keys[number]))).one()
        )


def test_a_legal_change_changes_one_row_and_what_comes_along(engine, rows) -> None:
    with engine.begin() as connection:
        change(connection, rows.table, THING, rows.keys[1], "pending", "running", rank=9)
    assert [state(engine, rows, number)[0] for number in range(4)] == [
        "pending", "running", "pending", "pending"
    ]  # fmt: skip
    assert state(engine, rows, 1) == ("running", 9)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("pending", "done", "a thing cannot go from pending to done; from pending: running"),
        ("done", "pending", "from done: nothing, it has ended"),
        ("running", "done", "a thing is no longer running; nothing was changed"),
        ("lost", "found", "cannot go from lost to found"),
    ],
)
def test_anything_else_changes_nothing_and_says_why(engine, rows, old, new, words) -> None:
    with pytest.raises(IllegalTransitionError, match=words), engine.begin() as connection:
        change(connection, rows.table, THING, rows.keys[0], old, new, rank=9)
    assert state(engine, rows, 0) == ("pending", 0)


def test_other_columns_alone_need_the_state_too(engine, rows) -> None:
    with engine.begin() as connection:
        change(connection, rows.table, THING, rows.keys[0], "pending", "pending", rank=5)
    assert state(engine, rows, 0) == ("pending", 5)
    with pytest.raises(IllegalTransitionError), engine.begin() as connection:
        change(connection, rows.table, THING, rows.keys[0], "running", "running", rank=6)


def test_a_row_is_found_by_other_columns_too(engine, rows) -> None:
    with engine.begin() as connection:
        change(connection, rows.table, THING, {"rank": 2}, "pending", "running")
    assert state(engine, rows, 2) == ("running", 2)
