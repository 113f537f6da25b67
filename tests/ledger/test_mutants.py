"""No part of the ledger's protection can go without a test that fails."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from gamefactory_dagster.settings import Settings
from tests.conftest import Database, superusers_url

from .mutants import EVERY, Laboratory

UNSEEN = Path(__file__).with_name("unseen.txt")
"""Weakenings that nobody can make use of while all the rest stands: the verification alone names them."""


@pytest.fixture
def laboratory(server: Settings, database: Database, superuser: psycopg.Connection) -> Iterator[Laboratory]:
    engine = sa.create_engine(superusers_url(server, str(database.engine.url.database)))
    laboratory = Laboratory(engine)
    yield laboratory
    laboratory.close()
    engine.dispose()


@pytest.mark.slow
def test_every_weakening_is_noticed(laboratory: Laboratory) -> None:
    """A sample of them; ``python -m tests.ledger.mutants`` tries and prints all."""
    expected = set(UNSEEN.read_text(encoding="utf-8").splitlines())
    unnamed, unseen, tried = [], set(), set()
    for mutant in laboratory.all()[:: int(os.environ.get(EVERY, "9"))]:
        verdict = laboratory.judge(mutant)
        tried.add(mutant.name)
        sys.stdout.write(f"{mutant.name} | {verdict.named} | {verdict.behaviour}\n")
        if verdict.named is None:
            unnamed.append(mutant.name)
        if verdict.behaviour is None:
            unseen.add(mutant.name)
    assert unnamed == []
    assert unseen == expected & tried
