"""Hearing that jobs were entered, by LISTEN, so that a worker that waits need not ask all the time.

What belongs here: one connection that listens, and asking now and then all the same: nothing depends on it.
"""

import selectors
import time
from contextlib import suppress

import psycopg
import sqlalchemy as sa

from gamefactory_dagster.database import databases
from gamefactory_dagster.errors import GameFactoryError

CHANNEL = "background_jobs"
"""As ``public.enqueue_jobs`` notifies."""

POLL_SECONDS = 2.0
"""How often it rings by itself."""


class Bell:
    """Rings when jobs were entered. Its connection wakes the selector it is given."""

    def __init__(self, engine: sa.Engine, selector: selectors.BaseSelector) -> None:
        self._engine, self._selector = engine, selector
        self._connection: psycopg.Connection | None = None
        self._rung = True
        self._asked = time.monotonic()
        self._connect()

    def ring(self) -> None:
        """Ring once more."""
        self._rung = True

    def has_rung(self) -> bool:
        """Whether it has since it was last asked."""
        self.listen()
        now = time.monotonic()
        if now - self._asked > POLL_SECONDS:
            self._rung = True
            if self._connection is None:
                self._connect()
        rung, self._rung = self._rung, False
        if rung:
            self._asked = now
        return rung

    def listen(self) -> None:
        """Take in what was notified, without waiting."""
        if self._connection is None:
            return
        try:
            for _ in self._connection.notifies(timeout=0):
                self._rung = True
        except psycopg.Error:
            self.close()

    def close(self) -> None:
        """Listen no more."""
        if self._connection is not None:
            with suppress(KeyError, ValueError, psycopg.Error):
                self._selector.unregister(self._connection)
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None

    def _connect(self) -> None:
        with suppress(psycopg.Error, GameFactoryError):
            self._connection = databases.connect(self._engine.url)
            self._connection.execute(f"LISTEN {CHANNEL}")
            self._selector.register(self._connection, selectors.EVENT_READ, self)
