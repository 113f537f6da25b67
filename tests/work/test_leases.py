"""Leases on rows of every kind of key: who gets one, who is refused, and what a refused one may write."""

import threading

import pytest
import sqlalchemy as sa

from gamefactory_dagster.errors import LeaseLostError
from gamefactory_dagster.work.claims import claim_batch, claim_next
from gamefactory_dagster.work.leases import confirm, matching, release, renew, renew_unlocked, take


def run_out(engine, table, key) -> None:
    with engine.begin() as connection:
        past = sa.func.clock_timestamp() - sa.text("interval '1 second'")
        connection.execute(sa.update(table).where(matching(table, key)).values(lease_expires_at=past))


def held(engine, table, key):
    columns = table.c.lease_owner, table.c.lease_epoch
    with engine.connect() as connection:
        return tuple(connection.execute(sa.select(*columns).where(matching(table, key))).one())


def do(engine, function, *arguments, **options):
    with engine.begin() as connection:
        return function(connection, *arguments, **options)


def test_one_of_two_gets_it_and_the_other_is_told_who_has_it(engine, rows) -> None:
    key = rows.keys[1]
    lease = do(engine, take, rows.table, key, "one", 60)
    with pytest.raises(LeaseLostError, match="in the hands of one"):
        do(engine, take, rows.table, key, "two", 60)
    assert held(engine, rows.table, key) == ("one", 1) == (lease.owner, lease.epoch)
    assert held(engine, rows.table, rows.keys[0]) == (None, 0), "another row is another's"


def test_a_row_that_is_not_there_cannot_be_taken(engine, rows) -> None:
    with engine.begin() as connection:
        connection.execute(sa.delete(rows.table).where(matching(rows.table, rows.keys[3])))
    with pytest.raises(LeaseLostError, match="not there"):
        do(engine, take, rows.table, rows.keys[3], "one", 60)


def test_the_holder_may_take_it_again_and_his_first_lease_is_void(engine, rows) -> None:
    first = do(engine, take, rows.table, rows.keys[0], "one", 60)
    second = do(engine, take, rows.table, rows.keys[0], "one", 60)
    assert second.epoch == first.epoch + 1
    do(engine, confirm, second)
    with pytest.raises(LeaseLostError):
        do(engine, confirm, first)


def test_an_expired_lease_is_its_owners_until_somebody_takes_it(engine, rows) -> None:
    key = rows.keys[2]
    old = do(engine, take, rows.table, key, "one", 60)
    run_out(engine, rows.table, key)
    do(engine, confirm, old)
    assert do(engine, renew, old)
    run_out(engine, rows.table, key)
    new = do(engine, take, rows.table, key, "two", 60)
    with pytest.raises(LeaseLostError, match="nothing was written"):
        do(engine, confirm, old)
    assert not do(engine, renew, old)
    do(engine, release, old)
    assert held(engine, rows.table, key) == ("two", new.epoch), "a stale owner gives nothing back"
    do(engine, release, new)
    assert held(engine, rows.table, key) == (None, new.epoch)


def test_a_stale_owner_of_the_same_name_is_refused_by_its_epoch(engine, rows) -> None:
    key = rows.keys[0]
    old = do(engine, take, rows.table, key, "run", 60)
    do(engine, release, old)
    do(engine, take, rows.table, key, "run", 60)
    with pytest.raises(LeaseLostError):
        do(engine, confirm, old)
    assert not do(engine, renew, old)
    assert do(engine, renew_unlocked, [old]) == (set(), {old})


def test_whoever_confirms_keeps_others_off_until_the_transaction_ends(engine, rows) -> None:
    key = rows.keys[0]
    lease = do(engine, take, rows.table, key, "one", 60)
    run_out(engine, rows.table, key)
    took: list[int] = []
    with engine.begin() as connection:
        confirm(connection, lease)
        other = threading.Thread(
            target=lambda: took.append(do(engine, take, rows.table, key, "two", 60).epoch)
        )
        other.start()
        other.join(0.4)
        assert other.is_alive(), "it has to wait"
        release(connection, lease)
    other.join(10)
    assert took == [lease.epoch + 1]


def test_renewal_never_waits_and_tells_locked_from_lost(engine, rows) -> None:
    mine, locked, lost = (do(engine, take, rows.table, key, "one", 60) for key in rows.keys[:3])
    run_out(engine, rows.table, lost.key)
    do(engine, take, rows.table, lost.key, "two", 60)
    with engine.begin() as writer, engine.begin() as heartbeat:
        confirm(writer, locked)
        heartbeat.exec_driver_sql("SET LOCAL lock_timeout = '1s'")  # whoever waits fails instead of hanging
        assert renew_unlocked(heartbeat, [mine, locked, lost]) == ({mine}, {lost})
    assert do(engine, renew_unlocked, [mine, locked]) == ({mine, locked}, set())


def test_many_workers_claim_each_row_once(engine, rows) -> None:
    table, got = rows.table, []
    asked = {"where": table.c.status == "pending", "order_by": [table.c.rank]}

    def claim(owner: str) -> None:
        got.extend(one.row["rank"] for one in do(engine, claim_batch, table, owner, 60, 1, **asked))

    threads = [threading.Thread(target=claim, args=(f"w{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rest = [one.row["rank"] for one in do(engine, claim_batch, table, "last", 60, 10, **asked)]
    assert sorted(got + rest) == [0, 1, 2, 3]


def test_a_batch_comes_in_order_and_no_larger_than_asked_for(engine, rows) -> None:
    table = rows.table
    asked = {"where": table.c.rank > 0, "order_by": [table.c.rank.desc()]}
    claimed = do(engine, claim_batch, table, "one", 60, 2, **asked)
    assert [(one.row["rank"], one.lease.owner, one.lease.epoch) for one in claimed] == [
        (3, "one", 1),
        (2, "one", 1),
    ]
    assert [one.row["rank"] for one in do(engine, claim_batch, table, "two", 60, 9, **asked)] == [1]


def test_a_claim_is_a_lease(engine, rows) -> None:
    table = rows.table
    options = {"where": table.c.status == "pending", "order_by": [table.c.rank]}
    first = do(engine, claim_next, table, "one", 60, **options)
    assert first.row["rank"] == 0
    do(engine, confirm, first.lease)
    run_out(engine, table, first.lease.key)
    again = do(engine, claim_next, table, "two", 60, **options)
    assert again.row["rank"] == 0, "an expired one is free"
    assert again.lease.epoch == first.lease.epoch + 1 == held(engine, table, again.lease.key)[1]
    with pytest.raises(LeaseLostError):
        do(engine, confirm, first.lease)
    assert do(engine, claim_next, table, "x", 60, where=sa.false(), order_by=[table.c.rank]) is None


def test_a_leased_row_can_still_be_referred_to(engine, rows) -> None:
    """Inserts that refer to a row lock its key; a lease must not hold those up: that ended in deadlocks."""
    key = rows.table.primary_key.columns.keys()
    with engine.begin() as connection:
        lease = take(connection, rows.table, rows.keys[0], "one", 60)
    with engine.begin() as writer, engine.begin() as other:
        confirm(writer, lease)
        other.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        share = sa.select(rows.table.c[key[0]]).where(matching(rows.table, lease.key))
        assert other.execute(share.with_for_update(read=True, key_share=True)).one()
