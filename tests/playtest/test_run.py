"""A playtest against the real database: stored once, whatever happens; and what it says when it cannot be."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from gamefactory_dagster.cli import app
from gamefactory_dagster.errors import InputError, PermanentError
from gamefactory_dagster.playtest import run
from gamefactory_dagster.playtest.run import play

from .conftest import Made

UNTIL = dt.date(2026, 3, 14)
FIRST = dt.date(2026, 3, 5)
NUMBERS = {"players": 60, "days": 10, "seed": 3, "until": UNTIL}


@pytest.fixture
def game(made, publish):
    """The easy runner game, published."""
    publish(made["runner", "easy"])
    return made["runner", "easy"]


def stored(engine):
    """Everything that was stored of the events, but for when."""
    statement = (
        "SELECT id, game_id, event_type, user_id, session_id, level, properties, device_info, timestamp "
        "FROM analytics_events ORDER BY id, timestamp"
    )
    with engine.connect() as connection:
        return connection.execute(sa.text(statement)).all()


def test_the_same_playtest_again_adds_nothing(settings, engine, game):
    first = play(settings, engine, **NUMBERS)
    rows = stored(engine)
    again = play(settings, engine, **NUMBERS)
    assert stored(engine) == rows
    [before], [after] = first.games, again.games
    assert before.stored.stored == after.stored.duplicate == before.events.total() == len(rows)
    assert after.stored.stored == before.stored.quarantined == 0
    assert {row.timestamp.date() for row in rows} <= {FIRST + dt.timedelta(days=day) for day in range(10)}
    assert all(row.device_info == {"traffic": "playtest"} for row in rows)
    assert len({row.user_id for row in rows}) == before.installs
    assert len({row.session_id for row in rows}) == before.sessions


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"seed": 4}, id="seed"),
        pytest.param({"until": dt.date(2026, 3, 15)}, id="until", marks=pytest.mark.slow),
        pytest.param({"days": 11}, id="days", marks=pytest.mark.slow),
    ],
)
def test_another_seed_or_other_days_bring_other_people(settings, engine, game, other):
    play(settings, engine, **NUMBERS)
    known = {row.user_id for row in stored(engine)}
    [outcome] = play(settings, engine, **(NUMBERS | other)).games
    assert outcome.stored.duplicate == 0
    assert len({row.user_id for row in stored(engine)} - known) == outcome.installs


def test_more_people_add_to_those_there_were(settings, engine, game):
    [few] = play(settings, engine, **NUMBERS).games
    [many] = play(settings, engine, **(NUMBERS | {"players": 90})).games
    assert many.stored.duplicate == few.events.total()
    assert many.stored.stored == many.events.total() - few.events.total() > 0


def test_a_playtest_killed_half_way_is_completed_by_the_next(settings, engine, game, monkeypatch):
    monkeypatch.setattr(run, "GROUP", 8)

    def kill(slug, done, total):
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(settings, engine, **NUMBERS, on_progress=kill)
    half = stored(engine)
    [outcome] = play(settings, engine, **NUMBERS).games
    rows = stored(engine)
    assert 0 < outcome.stored.duplicate == len(half) < len(rows) == outcome.events.total()
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM analytics_events"))
    play(settings, engine, **NUMBERS)
    assert stored(engine) == rows


def test_the_summary_says_what_the_events_say(settings, engine, game):
    progress = []
    summary = play(settings, engine, **NUMBERS, on_progress=lambda *told: progress.append(told))
    [outcome] = summary.games
    assert (summary.first, summary.until, summary.skipped) == (FIRST, UNTIL, [])
    assert progress[-1] == (game.slug, outcome.installs, outcome.installs)
    rows = stored(engine)
    days = {}
    for row in rows:
        days.setdefault(row.user_id, set()).add(row.timestamp.date())
    cohort = [active for active in days.values() if min(active) < UNTIL]
    returned = [active for active in cohort if min(active) + dt.timedelta(days=1) in active]
    assert outcome.retention_d1 == len(returned) / len(cohort)
    count = {name: sum(row.event_type == name for row in rows) for name in outcome.events}
    assert outcome.attempts == count["level_start"]
    assert outcome.completion == count["level_complete"] / count["level_start"]
    assert outcome.ad_opt_in == count["rewarded_ad_started"] / count["unlock_prompt_shown"]


def test_daily_levels_are_played_by_their_own_certificates(settings, engine, made, publish):
    publish(made["runner", "easy"], dailies=3)
    [with_dailies] = play(settings, engine, **NUMBERS).games
    rows = [row for row in stored(engine) if row.event_type == "level_start" and row.level is None]
    assert rows
    assert with_dailies.stored.quarantined == 0


def test_daily_levels_without_certificates_cannot_be_played(settings, engine, made, publish):
    publish(made["runner", "easy"], dailies=3)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE game_steps SET artifacts = artifacts - 'dailies'"))
    with pytest.raises(PermanentError, match="runner-easy: its daily levels have no certificates"):
        play(settings, engine, **NUMBERS)


def test_both_families_are_played_in_order_of_slug(settings, engine, game, made, publish):
    publish(made["tile_swap", "easy"])
    both = play(settings, engine, **NUMBERS)
    assert [outcome.slug for outcome in both.games] == ["runner-easy", "tile-swap-easy"]
    assert all(outcome.attempts > 100 for outcome in both.games)
    one = play(settings, engine, **NUMBERS, games=["tile-swap-easy"])
    assert [outcome.slug for outcome in one.games] == ["tile-swap-easy"]
    assert one.games[0].stored.stored == 0, "a game's players do not depend on which others are played"


def test_what_cannot_be_played_is_left_out_with_a_reason(settings, engine, game, made, publish):
    unknown, gone, changed = (
        Made(game.gdd.model_copy(update={"slug": slug}), game.levels, game.certificates)
        for slug in ("a-unknown", "b-gone", "c-changed")
    )
    publish(unknown, family="chess")
    publish(gone)
    (settings.published / "b-gone" / "game.json").unlink()
    publish(changed, levels=[level | {"speed": level["speed"] + 1} for level in game.levels])
    publish(made["tile_swap", "easy"], status="in_progress")
    publish(made["tile_swap", "hard"])
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE games SET external = true WHERE slug = 'tile-swap-hard'"))
    summary = play(settings, engine, **NUMBERS)
    assert [outcome.slug for outcome in summary.games] == ["runner-easy"]
    assert {one.slug: one.reason for one in summary.skipped} == {
        "a-unknown": "there is no game family chess",
        "b-gone": "its game.json is not among the published files",
        "c-changed": "level 1: its certificate does not win it under the present rules",
    }


def test_without_a_published_game_it_says_what_to_do(settings, engine, made, publish):
    with pytest.raises(PermanentError, match="gamefactory batch submit"):
        play(settings, engine, **NUMBERS)
    publish(made["runner", "easy"], family="chess")
    with pytest.raises(PermanentError, match="runner-easy: there is no game family chess"):
        play(settings, engine, **NUMBERS)


def today():
    return dt.datetime.now(dt.UTC).date()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (lambda: {"players": 0}, "players"),
        (lambda: {"days": 401}, "days"),
        (lambda: {"until": today()}, "until"),
        (lambda: {"until": dt.date(2000, 1, 5)}, "until"),
        (lambda: {"games": ["pit-run"]}, "games"),
    ],
    ids=["nobody", "too long", "not over", "before the first day", "no such game"],
)
def test_what_cannot_be_is_refused_before_anything_is_stored(settings, engine, game, wrong, field):
    with pytest.raises(InputError, match=f"^{field}: "):
        play(settings, engine, **(NUMBERS | wrong()))
    assert stored(engine) == []


def test_the_last_day_is_yesterday_unless_given(settings, engine, game):
    summary = play(settings, engine, players=5, days=2, seed=1)
    assert (summary.first, summary.until) == (today() - dt.timedelta(days=2), today() - dt.timedelta(days=1))


@pytest.fixture
def command(settings, engine, monkeypatch):
    """Run ``gamefactory playtest`` on the test's database."""
    monkeypatch.setattr("gamefactory_dagster.settings.get_settings", lambda: settings)
    monkeypatch.setattr("gamefactory_dagster.database.migrations.ready_engine", lambda _: engine)

    def do(*arguments):
        found = CliRunner().invoke(app, ["playtest", "--players", "30", "--until", "2026-03-14", *arguments])
        assert found.exit_code == 0, found.output
        return found.stdout

    return do


def test_the_command_prints_a_table_and_what_comes_next(command, game):
    text = command("--days", "5")
    assert "runner-easy" in text
    assert "Playtest, 2026-03-10 to 2026-03-14, seed 1" in text
    assert "Under 100 installs, too few to learn from: 1 of 1 game." in text
    assert "gamefactory metrics refresh --from 2026-03-10 --to 2026-03-14" in text


def test_the_command_prints_nothing_but_json_when_asked(command, game):
    told = json.loads(command("--json", "--game", "runner-easy"))
    assert told["players"] == 30
    [outcome] = told["games"]
    assert outcome["game"] == "runner-easy"
    assert outcome["stored"] == outcome["events"] > 0
