"""The real logs against their expected rows, and the commands that compute and export."""

import csv
import datetime as dt
import gzip
import io
import json
from decimal import Decimal
from random import Random

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.analytics.commands import metrics as commands
from gamefactory_dagster.analytics.export import export
from gamefactory_dagster.analytics.ingest import store_events
from gamefactory_dagster.analytics.rollup import compute_game_metrics, compute_player_days, refresh
from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError
from gamefactory_dagster.settings import CHECKOUT, Settings, get_settings
from tests.analytics.by_definition import Happened
from tests.analytics.logs import SCORING, forget_rollups, game, store
from tests.factory_rows import add_games

DATA = CHECKOUT.parent / "shared" / "data" / "events"
DAY = dt.date(2026, 3, 1)


def expected_rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.expected.csv").open() as file:
        return list(csv.DictReader(file))


def load_log(engine: sa.Engine, name: str) -> tuple[list[dict[str, str]], list[dt.date]]:
    """Store a real log; gives its expected rows and all days from the first of them to the last."""
    if not DATA.is_dir():
        pytest.skip(f"no {DATA}: the real logs are not part of the project")
    rows = expected_rows(name)
    add_games(engine, {rows[0]["game_id"]: "puzzle"})
    with gzip.open(DATA / f"{name}.ndjson.gz") as lines, engine.begin() as connection:
        store_events(connection, (line.rstrip(b"\n") for line in lines))
        connection.execute(sa.text("ANALYZE analytics_events"))
    first, last = (dt.date.fromisoformat(rows[place]["date"]) for place in (0, -1))
    return rows, [first + dt.timedelta(number) for number in range((last - first).days + 1)]


def exported(engine: sa.Engine) -> list[dict[str, str]]:
    stream = io.StringIO()
    with engine.connect() as connection:
        export(connection, stream, "csv", dt.date.min, dt.date.max)
    stream.seek(0)
    return list(csv.DictReader(stream))


def check(engine: sa.Engine, expected: list[dict[str, str]]) -> None:
    found = [{name: row[name] for name in expected[0]} for row in exported(engine)]
    assert [_values(row) for row in found] == [_values(row) for row in expected]


def _values(row: dict[str, str]) -> dict[str, object]:
    """Numbers as numbers: the files write 0.375 where the column holds 0.3750."""
    text = {"game_id", "date"}
    return {
        name: value if name in text or value == "" else Decimal(value).normalize()
        for name, value in row.items()
    }


def one_at_a_time(engine: sa.Engine, days: list[dt.date]) -> None:
    for day in days:
        compute_player_days(engine, day)
        compute_game_metrics(engine, [day], SCORING)


@pytest.mark.reference
@pytest.mark.parametrize("name", [pytest.param("match3", marks=pytest.mark.slow), "waves"])
def test_a_real_log_has_its_expected_rows_in_any_order_twice_over(engine, name):
    expected, days = load_log(engine, name)
    shuffled = Random(3).sample(days, len(days))
    for order in (days, days[::-1], shuffled):
        forget_rollups(engine)
        one_at_a_time(engine, order)
        check(engine, expected)
    refresh(engine, days, SCORING)
    check(engine, expected)
    forget_rollups(engine)
    refresh(engine, days, SCORING)
    check(engine, expected)


@pytest.mark.slow
@pytest.mark.reference
def test_a_real_log_of_years_has_its_expected_rows(engine):
    """Some metrics too early, all player_days backwards, the other metrics; then some days once more."""
    expected, days = load_log(engine, "dodge_mud")
    shuffled = Random(4).sample(days, len(days))
    compute_game_metrics(engine, shuffled[:60], SCORING)
    for day in days[::-1]:
        compute_player_days(engine, day)
    compute_game_metrics(engine, shuffled[60:], SCORING)
    check(engine, expected)
    one_at_a_time(engine, shuffled[:60])
    check(engine, expected)


def sample(engine: sa.Engine) -> None:
    noon = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    add_games(engine, {game(1): "runner", game(2): "puzzle"})
    store(
        engine,
        [
            Happened(game(1), "ann", "s", "game_start", noon),
            Happened(game(1), "ann", "s", "level_complete", noon + dt.timedelta(seconds=90)),
            Happened(game(2), None, None, "unlock_prompt_shown", noon),
        ],
    )


def test_export_writes_the_expected_files_columns_first(engine):
    sample(engine)
    refresh(engine, [DAY, DAY + dt.timedelta(1)], SCORING)
    with engine.connect() as connection:
        stream = io.StringIO()
        assert export(connection, stream, "csv", DAY, DAY + dt.timedelta(1)) == 3
    assert stream.getvalue().splitlines() == [
        "game_id,date,installs,dau,sessions,avg_session_duration_seconds,cohort_d1,retained_d1,retention_d1,"
        "cohort_d7,retained_d7,retention_d7,cohort_d30,retained_d30,retention_d30,levels_completed,levels_failed,"
        "ad_impressions,ad_revenue_cents,iap_revenue_cents,ad_prompts,score",
        f"{game(1)},2026-03-01,1,1,1,90,0,0,,0,0,,0,0,,1,0,0,0,0,0,30.0000",
        f"{game(2)},2026-03-01,0,0,0,0,0,0,,0,0,,0,0,,0,0,0,0,0,1,30.0000",
        f"{game(1)},2026-03-02,0,0,0,0,1,0,0.0000,0,0,,0,0,,0,0,0,0,0,0,30.0000",
    ]


@pytest.mark.parametrize("days", [(DAY, DAY), (dt.date(2020, 1, 1), dt.date(2020, 1, 2))])
def test_export_as_json_is_one_list_even_when_empty(engine, days):
    sample(engine)
    refresh(engine, [DAY], SCORING)
    stream = io.StringIO()
    with engine.connect() as connection:
        number = export(connection, stream, "json", *days)
    rows = json.loads(stream.getvalue())
    assert len(rows) == number == (2 if days[0] == DAY else 0)
    assert all(
        row["score"] == 30 and row["retention_d1"] is None and row["date"] == "2026-03-01" for row in rows
    )


@pytest.fixture
def command(settings: Settings, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    """Run ``gamefactory ...`` in this process on the test's database."""
    monkeypatch.setenv("DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("GAMEFACTORY_HOME", str(settings.home))
    get_settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, ["metrics", *words])
    get_settings.cache_clear()


def test_refresh_without_options_computes_what_is_due_once(engine, command):
    sample(engine)
    done = command("refresh", "--json")
    assert done.exit_code == 0, done.output
    days = ["2026-03-01", "2026-03-02", "2026-03-08", "2026-03-31"]
    assert json.loads(done.output) == {"days": days, "rows": 5, "changed": 5, "scored": 3}
    assert "Every day is up to date." in command("refresh").output


def test_refresh_of_a_range_says_what_it_did(engine, command):
    sample(engine)
    done = command("refresh", "--from", "2026-02-27", "--to", "2026-03-01")
    assert (
        "Computed 3 days from 2026-02-27 to 2026-03-01: 2 rows of game_metrics, 2 of them changed"
        in done.output
    )
    again = command("refresh", "--day", "2026-03-01", "--day", "2026-02-28", "--json")
    assert json.loads(again.output) == {
        "days": ["2026-02-28", "2026-03-01"],
        "rows": 2,
        "changed": 0,
        "scored": 0,
    }


def test_export_to_a_file_replaces_it_when_all_is_written(engine, command, tmp_path):
    sample(engine)
    refresh(engine, [DAY], SCORING)
    file = tmp_path / "metrics.csv"
    file.write_text("old")
    done = command("export", "--format", "csv", "--from", "2026-03-01", "--output", str(file))
    assert f"Wrote 2 rows to {file}." in done.output
    assert file.read_text().count("\n") == 3
    assert [path.name for path in tmp_path.glob("metrics*")] == ["metrics.csv"]
    refused = command("export", "--format", "json", "--output", str(tmp_path / "none" / "x"))
    assert isinstance(refused.exception, InputError)
    assert json.loads(command("export", "--format", "json").output)[0]["dau"] == 1


TODAY = dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    ("days", "first", "last", "message"),
    [
        (["2026-02-30"], None, None, "--day: '2026-02-30' is not accepted"),
        ([f"{TODAY + dt.timedelta(1)}"], None, None, f"a UTC day from 2000-01-01 to {TODAY}"),
        (["1999-12-31"], None, None, "a UTC day from 2000-01-01"),
        ([""], None, None, "--day: '' is not accepted"),
        ([], "", None, "--from: '' is not accepted"),
        ([], "2026-01-01", "", "--to: '' is not accepted"),
        (["2026-01-01"], "2026-01-01", None, "either --day or --from and --to"),
        ([], None, "2026-01-01", "--from with it"),
        ([], "2026-01-02", "2026-01-01", "a day not before --from 2026-01-02"),
    ],
)
def test_days_that_make_no_sense_are_refused(days, first, last, message):
    with pytest.raises(InputError) as refused:
        commands.asked_days(days, first, last)
    assert message in str(refused.value)


def test_days_asked_for_come_in_order_and_once():
    assert commands.asked_days([], None, None) is None
    days = commands.asked_days(["2026-01-02", "2026-01-01", "2026-01-02"], None, None)
    assert days == [dt.date(2026, 1, 1), dt.date(2026, 1, 2)]
    to_today = commands.asked_days([], f"{TODAY - dt.timedelta(2)}", None)
    assert to_today == [TODAY - dt.timedelta(number) for number in (2, 1, 0)]
