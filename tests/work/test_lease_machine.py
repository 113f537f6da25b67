"""Leases as a state machine: any order of take, renew, confirm, release and expiry by several owners."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from gamefactory_dagster.errors import LeaseLostError
from gamefactory_dagster.work.claims import claim_next
from gamefactory_dagster.work.leases import Lease, confirm, release, renew, renew_unlocked, take

OWNERS = st.sampled_from(["one", "two", "three"])
TABLE = sa.Table(
    "leased",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("lease_owner", sa.Text),
    sa.Column("lease_epoch", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("lease_expires_at", sa.TIMESTAMP(timezone=True)),
    sa.Column("written_by", sa.BigInteger),
)
"""``written_by`` is the epoch of whoever wrote last under a confirmed lease."""


class LeaseMachine(RuleBasedStateMachine):
    """A row, every lease ever given on it, and a model that says who may do what."""

    engine: sa.Engine

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            connection.execute(sa.delete(TABLE))
            connection.execute(sa.insert(TABLE).values(id=1))
        self.given: list[Lease] = []
        self.holder: str | None = None
        self.epoch = 0
        self.expired = False
        self.last_writer: int | None = None

    def do(self, function: Any, *arguments: Any, **options: Any) -> Any:
        with self.engine.begin() as connection:
            return function(connection, *arguments, **options)

    def is_current(self, lease: Lease) -> bool:
        return self.holder == lease.owner and self.epoch == lease.epoch

    def took(self, lease: Lease) -> None:
        assert lease.epoch == self.epoch + 1, "epochs rise by one with every taking"
        self.given.append(lease)
        self.holder, self.epoch, self.expired = lease.owner, lease.epoch, False

    @rule(owner=OWNERS)
    def take(self, owner: str) -> None:
        may = self.holder in {None, owner} or self.expired
        try:
            lease = self.do(take, TABLE, 1, owner, 600)
        except LeaseLostError as error:
            assert not may
            assert str(self.holder) in str(error)
        else:
            assert may
            self.took(lease)

    @rule(owner=OWNERS)
    def claim(self, owner: str) -> None:
        claimed = self.do(claim_next, TABLE, owner, 600, where=sa.true(), order_by=[TABLE.c.id])
        assert (claimed is not None) == (self.holder is None or self.expired)
        if claimed:
            self.took(claimed.lease)

    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        if not self.given:
            return
        lease = data.draw(st.sampled_from(self.given))
        if data.draw(st.booleans()):
            renewed = self.do(renew, lease)
        else:
            kept, lost = self.do(renew_unlocked, [lease])
            assert kept | lost == {lease}
            renewed = lease in kept
        assert renewed == self.is_current(lease)
        if renewed:
            self.expired = False

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        """What a worker does: confirm, then write."""
        if not self.given:
            return
        lease = data.draw(st.sampled_from(self.given))
        allowed = self.is_current(lease)
        try:
            with self.engine.begin() as connection:
                confirm(connection, lease)
                connection.execute(sa.update(TABLE).values(written_by=lease.epoch))
        except LeaseLostError:
            assert not allowed
        else:
            assert allowed, "a stale owner wrote"
            self.last_writer = lease.epoch

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        if not self.given:
            return
        lease = data.draw(st.sampled_from(self.given))
        self.do(release, lease)
        if self.is_current(lease):
            self.holder, self.expired = None, False

    @rule()
    def expire(self) -> None:
        past = sa.func.clock_timestamp() - sa.text("interval '1 second'")
        with self.engine.begin() as connection:
            held = TABLE.c.lease_owner.is_not(None)
            connection.execute(sa.update(TABLE).where(held).values(lease_expires_at=past))
        self.expired = self.holder is not None

    @invariant()
    def the_row_is_what_the_model_says(self) -> None:
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(TABLE)).one()
        assert (row.lease_owner, row.lease_epoch) == (self.holder, self.epoch)
        assert row.written_by == self.last_writer
        assert (row.lease_expires_at is None) == (self.holder is None)
        current = [lease for lease in self.given if self.is_current(lease)]
        assert len(current) <= 1, "two may write"


@pytest.fixture
def table(engine):
    with engine.begin() as connection:
        TABLE.create(connection)
    return engine


def test_one_writer_whatever_happens_in_whatever_order(table) -> None:
    machine = type("Machine", (LeaseMachine,), {"engine": table})
    every_order = settings(
        max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(machine, settings=every_order)
