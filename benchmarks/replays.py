"""Reading replay files: what our rules cost beside JSON alone and beside pandas; and whole jobs.

What belongs here: files like those of the site, some 70 kB each, and what it costs to know of each who won
which game and which cards were seen. What does not: fetching over a network.
"""

import asyncio
import json
import random
import resource
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import orjson
import pandas as pd

from benchmarks.factory import BenchFactory, bench_factory
from benchmarks.measure import console, measured, print_table
from gamefactory_dagster.database.engine import connected
from gamefactory_dagster.replays.frames import frames
from gamefactory_dagster.replays.parsing import parse
from gamefactory_dagster.replays.service import ReplayJobs
from gamefactory_dagster.replays.working import work_at

FILES = 1000
PLAYS = 240
LINKS = 100
"""Of one job, at most."""

TARGET = 20
"""MB a second of CPU."""

_CARD = {
    "def": "1800", "monster_color": "Effect", "arrows": "", "is_effect": 1, "scale": 0, "type": "Zombie",
    "ocg": 1, "atk": "0", "tcg": 1, "attribute": "FIRE", "ability": "Tuner", "pendulum": 0, "flip": 0,
    "level": 3, "custom": 0, "serial_number": "14558127", "card_type": "Monster", "tcg_limit": 3,
}  # fmt: skip
_MOVES = (
    ('Sent "{}" from hand (1/5) to GY', None), ("Drew a card", 'Drew "{}"'), ("Shuffled deck", None),
    ('Added "{}" from Deck to hand', None), ('Special Summoned "{}" from Deck to M-1 (ATK)', None),
    ('Returned "{}" from GY to bottom of deck', None), ("Stopped viewing Deck", None),
)  # fmt: skip


def main() -> None:
    """Print the tables."""
    rng = random.Random(1)
    contents = [recording(number, rng) for number in range(1, FILES + 1)]
    megabytes = sum(map(len, contents)) / 1e6
    ways: dict[str, Callable[[bytes], object]] = {
        "JSON alone (orjson)": orjson.loads,
        "ours": parse,
        "pandas": with_pandas,
    }
    rows = []
    for name, way in ways.items():
        with measured() as cost:
            for content in contents:
                way(content)
        rows.append((name, f"{megabytes / cost.cpu:,.1f}", f"{cost.cpu / FILES * 1e3:.2f}"))
    title = f"Reading {FILES:,} replay files, {megabytes:,.0f} MB"
    print_table(title, ("way", "MB a CPU second", "ms a file"), rows)
    with measured() as cost:
        tables = frames((str(place), parse(content)) for place, content in enumerate(contents))
    assert len(tables.matches) == 2 * FILES
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"With the three tables of all of them {cost.cpu:.2f} s; {peak:,.0f} MB at most.")
    console.print(f"The target is {TARGET} MB a second of CPU.")
    with bench_factory(browser=False) as factory:
        _jobs(factory, contents)


def recording(number: int, rng: random.Random) -> bytes:
    """One match of two games, as the site gives it."""
    players = (f"player {rng.randrange(60)}", f"opponent {rng.randrange(60)}")

    def play(
        name: str, who: str, public: str, private: str | None = None, **more: object
    ) -> dict[str, object]:
        log = {"public_log": public, "type": "duel", "username": who}
        log |= {} if private is None else {"private_log": private}
        return {"play": name, "username": who, "seconds": 5, "action": "Duel", "log": log, **more}

    plays: list[dict[str, object]] = []
    for first in players:
        cards = [{**_CARD, "id": place, "name": f"Card {rng.randrange(200)}"} for place in range(10)]
        plays.append(play("Pick first", first, "Chose to go first", cards=cards, order=list(players)))
        for _ in range(PLAYS // 2 - 3):
            public, private = rng.choice(_MOVES)
            card = f"Card {rng.randrange(200)}"
            more = {"card": {**_CARD, "name": card}} if rng.random() < 0.3 else {"zone": "M-1", "id": 7}
            plays.append(
                play(
                    "Move", rng.choice(players), public.format(card), private and private.format(card), **more
                )
            )
        plays.append(play("Admit defeat", players[1], "Admitted defeat"))
    given = {
        "id": number, "date": "2026-01-02 03:04:05", "format": "ar", "match_type": "m", "rated": True,
        "player1": {"username": players[0]}, "player2": {"username": players[1]}, "plays": plays,
    }  # fmt: skip
    return orjson.dumps(given)


def with_pandas(content: bytes) -> object:
    """What one would write in a notebook: losers and cards of each game."""
    rows = []
    for play in json.loads(content)["plays"]:
        log = play.get("log") or []
        rows += [{"play": play["play"], **line} for line in (log if isinstance(log, list) else [log])]
    table = pd.DataFrame(rows, columns=["play", "username", "public_log", "private_log"])
    table["game"] = table["public_log"].str.contains("Chose to go", na=False).cumsum()
    said = table["private_log"].fillna(table["public_log"])
    table["card"] = said.str.extract(r'"([^"]*)"')
    taken = said.str.contains('Drew "|from Deck|from top of deck', regex=True)
    returned = said.str.contains("to top of deck|to bottom of deck", regex=True)
    table["change"] = taken.astype(int) - returned.astype(int)
    key = ["game", "username", "card"]
    table["total"] = table.groupby(key)["change"].cumsum()
    seen = table.groupby(key)["total"].max()
    lost = (
        table[table["public_log"].isin(["Admitted defeat", "Lost Duel"])].groupby("game")["username"].first()
    )
    return seen[seen > 0], lost


def _jobs(factory: BenchFactory, contents: list[bytes]) -> None:
    """All files through whole jobs: fetched from a folder, kept, counted, reported on."""
    folder = Path(factory.settings.home) / "replays"
    folder.mkdir()
    for number, content in enumerate(contents, start=1):
        (folder / f"{number}.json").write_bytes(content)

    async def entered(first: int) -> UUID:
        user = f"user {first}"  # of each only a few jobs an hour are taken
        links = [f"https://www.duelingbook.com/replay?id={first + place}" for place in range(LINKS)]
        async with connected(factory.settings) as engine:
            job = await ReplayJobs(engine, factory.settings, user=user).submit("GFWL", links, team_name="t")
            return job.id

    async def confirmed(job: UUID, first: int, name: str) -> None:
        async with connected(factory.settings) as engine:
            await ReplayJobs(engine, factory.settings, user=f"user {first}").confirm(job, [name])

    with measured(factory.postmaster) as cost:
        for first in range(1, len(contents) + 1, LINKS):
            job = asyncio.run(entered(first))
            done = work_at(factory.engine, factory.settings, job, "first run")
            asyncio.run(confirmed(job, first, done.players[0]))
            assert work_at(factory.engine, factory.settings, job, "second run").status == "COMPLETED"
    print_table(
        f"{len(contents):,} files through {len(contents) // LINKS} whole jobs",
        ("seconds", "CPU ms a file", "of it PostgreSQL", "files a second"),
        [(
            f"{cost.wall:.1f}", f"{cost.cpu / len(contents) * 1e3:.1f}",
            f"{cost.postgres / len(contents) * 1e3:.1f}", f"{len(contents) / cost.wall:,.0f}",
        )],
    )  # fmt: skip
