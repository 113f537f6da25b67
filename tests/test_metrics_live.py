"""From a file somebody drops to metrics and weights, by nothing but the running daemon."""

import csv
import datetime as dt
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import dagster as dg
import pytest

from gamefactory_dagster.days import today
from gamefactory_dagster.local.kept import Child
from tests.analytics import by_definition
from tests.analytics.by_definition import Happened
from tests.live import Factory, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.daemon]

TODAY = today()
DAYS = [TODAY - dt.timedelta(days=age) for age in range(12, 0, -1)]
GAMES = [str(UUID(int=number)) for number in (1, 2)]
TYPES = ["game_start", "level_start", "level_complete", "level_fail", "rewarded_ad_started"]


def play(seed: int, players: int, days: list[dt.date]) -> list[Happened]:
    """What so many players did on some of the days."""
    chance = random.Random(seed)
    events = []
    for number in range(players):
        game, user = chance.choice(GAMES), f"player {number}"
        for day in chance.sample(days, chance.randint(1, len(days))):
            time = dt.datetime.combine(day, dt.time(chance.randrange(22)), dt.UTC)
            for type in chance.choices(TYPES, k=chance.randint(1, 6)):
                time += dt.timedelta(seconds=chance.randrange(300))
                events.append(Happened(game, user, f"{user} {day}", type, time))
    return events


def lines(events: list[Happened], seed: int) -> str:
    chance = random.Random(seed)
    return "".join(
        json.dumps(
            {
                "event_id": str(UUID(int=chance.getrandbits(128))),
                "game_id": event.game,
                "event_type": event.type,
                "user_id": event.user,
                "session_id": event.session,
                "timestamp": event.time.isoformat(),
            }
        )
        + "\n"
        for event in events
    )


@pytest.fixture(scope="module")
def factory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Factory]:
    made = Factory(tmp_path_factory.mktemp("metrics"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def daemon(factory: Factory) -> Iterator[Child]:
    with factory.daemon() as child:
        yield child


@pytest.fixture(scope="module")
def instance(factory: Factory) -> Iterator[dg.DagsterInstance]:
    with factory.instance() as found:
        yield found


FIRST = play(1, 60, DAYS)
LATE = [event._replace(user=f"late {event.user}") for event in play(2, 20, DAYS[:5])]


def exported(factory: Factory) -> dict[tuple[str, dt.date], dict[str, str]]:
    done = factory.run("metrics", "export", "--format", "csv")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader(io.StringIO(done.stdout))
    return {(row["game_id"], dt.date.fromisoformat(row["date"])): row for row in rows}


def assert_as_defined(factory: Factory, events: list[Happened]) -> None:
    """What the command exports is what the definitions say of the events, cell by cell."""
    expected = by_definition.game_metrics(events, DAYS)
    found = exported(factory)
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        for name, value in row.items():
            told = "" if value is None else str(float(value)) if name.startswith("retention") else str(value)
            shown = found[key][name]
            assert (str(float(shown)) if shown and name.startswith("retention") else shown) == told, (
                key,
                name,
            )


def computed(factory: Factory, daemon: Child, events: int) -> bool:
    daemon.check()
    [row] = factory.rows(
        "SELECT sum(events) AS events, count(*) FILTER (WHERE stale_since IS NOT NULL) AS stale, "
        "count(*) FILTER (WHERE game_metrics_at IS NULL) AS open FROM factory.rollup_days"
    )
    return (row.events, row.stale, row.open) == (events, 0, 0)


def drop(factory: Factory, name: str, events: list[Happened], seed: int) -> Path:
    """Put a file into the landing zone, as a careful sender does: whole at once."""
    folder = factory.settings.home / "landing"
    folder.mkdir(exist_ok=True)
    draft = folder / f"{name}.part"
    draft.write_text(lines(events, seed))
    return draft.rename(folder / name)


def test_a_file_in_the_landing_zone_becomes_metrics(factory: Factory, daemon: Child) -> None:
    for game in GAMES:
        factory.rows(
            "INSERT INTO factory.games (id, name, slug, genre, external) "
            "VALUES (:id, :slug, :slug, 'runner', true)",
            id=game,
            slug=f"game {game}",
        )
    drop(factory, "first.ndjson", FIRST, 1)
    wait_for("the metrics of the first file", 240, lambda: computed(factory, daemon, len(FIRST)))
    assert_as_defined(factory, FIRST)


def test_late_events_correct_the_days_they_touch(factory: Factory, daemon: Child) -> None:
    drop(factory, "late.ndjson", LATE, 2)
    total = len(FIRST) + len(LATE)
    wait_for("the metrics with the late events", 240, lambda: computed(factory, daemon, total))
    assert_as_defined(factory, FIRST + LATE)


def test_each_file_was_taken_in_by_one_run(
    factory: Factory, daemon: Child, instance: dg.DagsterInstance
) -> None:
    landed = factory.json("events", "landed")
    assert {Path(file["url"]).name: file["stored"] for file in landed} == {
        "first.ndjson": len(FIRST),
        "late.ndjson": len(LATE),
    }
    runs = instance.get_runs(dg.RunsFilter(job_name="import_events"))
    assert [run.status for run in runs] == [dg.DagsterRunStatus.SUCCESS] * 2


def test_a_queued_backfill_changes_nothing(
    factory: Factory, daemon: Child, instance: dg.DagsterInstance
) -> None:
    before = factory.rows("SELECT * FROM factory.game_metrics ORDER BY game_id, date")
    first, last = DAYS[-4], DAYS[-2]
    with factory.running(
        "backfill",
        [
            *("dagster", "job", "backfill", "-w", "workspace.yaml", "-j", "day_metrics"),
            *("--from", str(first), "--to", str(last), "--noprompt"),
        ],
    ) as command:
        command.finish()

    def done() -> bool:
        daemon.check()
        runs = instance.get_runs(dg.RunsFilter(job_name="day_metrics", tags={"dagster/partition": str(last)}))
        return any(run.is_success for run in runs)

    wait_for("the backfill's last run", 180, done)
    assert factory.rows("SELECT * FROM factory.game_metrics ORDER BY game_id, date") == before
