"""POST /v1/events: what is not believed of strangers is kept aside, whoever comes back and however often."""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gamefactory_dagster.analytics.ingest import IntakeCounts
from gamefactory_dagster.analytics.strangers import forget_addresses, hashed
from gamefactory_dagster.arcade.collector import Sent, store
from tests.factory_rows import count, insert, rows, scalar

from .conftest import GAME, KEY, OTHER, add_published, serving
from .sending import BOUNDS, ago, envelope, event, send

LONG_AGO = datetime.now(UTC) - timedelta(days=400)
HERE, THERE = "203.0.113.7", "198.51.100.1"


@pytest.fixture
def bring(engine):
    """Send events as if from an address; gives the reasons and fields of what was refused of them."""
    add_published(engine, published_at=LONG_AGO)

    def bring(*events, client=HERE, game=GAME, key=KEY, **bounds):
        before = {row.id for row in refused(engine)}
        [counts] = store(engine, [Sent(game, key, list(events), client)], replace(BOUNDS, **bounds))
        assert isinstance(counts, IntakeCounts), counts
        assert counts.total == len(events)
        return sorted((row.reason, row.field) for row in refused(engine) if row.id not in before)

    return bring


def refused(engine):
    return rows(engine, "SELECT * FROM quarantined_events")


def purchase(cents, **changes):
    return event(event_type="iap_completed", properties={"revenue_cents": cents}, **changes)


def advert(micros):
    return event(event_type="rewarded_ad_completed", properties={"revenue_micros": micros})


# --- the window


@pytest.mark.parametrize(
    ("published", "taken", "early"),
    [
        (LONG_AGO, {"days": 34, "hours": 23}, {"days": 35, "minutes": 1}),
        (datetime.now(UTC) - timedelta(days=3), {"days": 3, "hours": 23}, {"days": 4, "hours": 1}),
        (None, {"hours": 23}, {"hours": 25}),  # made just now, never published
    ],
)
def test_a_stranger_is_heard_from_a_days_grace_or_the_horizon_on(bring, engine, published, taken, early):
    add_published(engine, id=OTHER, slug="other", write_key="another", published_at=published)
    given = [event(user_id=None, timestamp=ago(**age)) for age in (taken, early, {"minutes": -9})]
    late = event(user_id=None, timestamp=ago(minutes=-11))
    assert bring(*given, late, game=OTHER, key="another") == [
        ("too_early", "timestamp"), ("too_late", "timestamp"),
    ]  # fmt: skip


def test_a_stranger_makes_no_old_months(bring, engine):
    def months():
        return scalar(
            engine, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'analytics_events'::regclass"
        )

    before = months()
    spread = [event(user_id=None, timestamp=f"{year}-06-01T00:00:00Z") for year in range(2000, 2025)]
    assert bring(*spread) == [("too_early", "timestamp")] * 25
    assert months() == before


# --- first contact


def test_a_player_never_heard_of_cannot_have_begun_long_ago(bring):
    assert bring(event(timestamp=ago(days=1, hours=23)), event(user_id="u2")) == []
    assert bring(event(user_id="u3", timestamp=ago(days=2, minutes=1))) == [("implausible", "timestamp")]


def test_a_player_who_came_today_did_not_play_before(bring):
    """Or a cohort would be back-dated by saying hello first."""
    assert bring(event()) == []
    assert bring(event(timestamp=ago(days=10))) == [("implausible", "timestamp")]


def test_a_player_known_for_long_may_have_played_without_a_network(bring, engine):
    assert bring(event()) == []
    rows(engine, "UPDATE collector_players SET since = now() - interval '22 days'")
    assert bring(event(timestamp=ago(days=19)), event(timestamp=ago(days=22, minutes=-5))) == []
    assert bring(event(timestamp=ago(days=22, minutes=5))) == [("implausible", "timestamp")]


def test_a_name_that_files_brought_is_no_contact(bring, engine):
    """Whoever guesses the names of a playtest's players adds nothing to its days."""
    first = (datetime.now(UTC) - timedelta(days=30)).date()
    insert(engine, "players", game_id=GAME, user_id="u1", first_date=first)
    assert bring(event(timestamp=ago(days=23))) == [("implausible", "timestamp")]
    assert bring(event()) == []


# --- how much


def test_the_largest_purchase_and_ad_that_are_believed_and_one_more(bring):
    assert bring(purchase(20_000), advert(500_000)) == []
    assert bring(purchase(20_001)) == [("implausible", "properties.revenue_cents")]
    assert bring(advert(500_001)) == [("implausible", "properties.revenue_micros")]
    assert bring(event(event_type="iap_initiated", properties={"revenue_cents": 10**9})) == []


def test_purchases_of_a_player_together_whether_they_come_at_once_or_not(bring, engine):
    assert bring(purchase(20_000), purchase(20_000), purchase(20_000), purchase(10_000)) == [
        ("implausible", "player.purchases")
    ]
    assert bring(purchase(1)) == [("implausible", "player.purchases")]
    assert bring(purchase(20_000, user_id="u2"), purchase(0), event()) == []
    rows(engine, "UPDATE collector_players SET received_on = received_on - 1")
    assert bring(purchase(20_000)) == [], "tomorrow is another day"
    assert scalar(engine, "SELECT sum(cents) FROM collector_players") == 40_000


def test_purchases_of_nobody_are_their_addresss(bring):
    assert bring(*[purchase(20_000, user_id=None) for _ in range(3)]) == [("implausible", "player.purchases")]
    assert bring(purchase(20_000, user_id=None)) == [("implausible", "player.purchases")]
    assert bring(purchase(20_000, user_id=None), client=THERE) == []


def test_events_of_one_player(bring):
    assert bring(*[event() for _ in range(4)], player_events=3) == [("implausible", "player.events")]
    assert bring(event(), client=THERE, player_events=3) == [("implausible", "player.events")]
    assert bring(event(user_id="u2"), event(user_id=None), player_events=3) == []


def test_events_of_one_address(bring, engine):
    assert bring(*[event() for _ in range(4)], address_events=5) == []
    assert (
        bring(*[event(user_id="u2") for _ in range(3)], address_events=5)
        == [("implausible", "address.events")] * 2
    )
    assert bring(event(), client=THERE, address_events=5) == []
    assert rows(engine, "SELECT events, players, implausible FROM collector_claims ORDER BY events DESC") == [
        (5, 2, 2), (1, 0, 0),
    ]  # fmt: skip
    rows(engine, "UPDATE collector_claims SET received_on = received_on - 1")
    assert bring(event(), address_events=5) == [], "tomorrow is another day"


def test_players_of_one_address(bring, engine):
    users = [event(user_id=f"u{number}") for number in range(4)]
    assert bring(*users, address_players=3) == [("implausible", "address.players")]
    assert bring(event(user_id="u0"), event(user_id=None), address_players=3) == []
    assert bring(event(user_id="u9"), address_players=3) == [("implausible", "address.players")]
    assert bring(event(user_id="u9"), client=THERE, address_players=3) == []


def test_what_comes_twice_counts_once(bring, engine):
    batch = [event(), purchase(20_000)]
    for _ in range(5):
        assert bring(*batch) == []
    assert rows(engine, "SELECT events, players FROM collector_claims") == [(2, 1)]
    assert rows(engine, "SELECT events, cents FROM collector_players") == [(2, 20_000)]


def test_several_collectors_together_let_in_no_more_than_one(bring, engine):
    bring(event())
    bounds = replace(BOUNDS, address_events=300)

    def send_some(number):
        batch = [event(user_id=f"u{number}") for _ in range(20)]
        [counts] = store(engine, [Sent(GAME, KEY, batch, HERE)], bounds)
        return counts.stored

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(send_some, range(40))) == 299
    assert count(engine, "analytics_events") == 300
    assert rows(engine, "SELECT events, implausible FROM collector_claims") == [(300, 501)]


# --- addresses


def key_of(engine):
    return bytes(scalar(engine, "SELECT key FROM collector_key"))


def test_an_address_is_kept_so_that_nobody_reads_it_back(bring, engine):
    add_published(engine, id=OTHER, slug="other", write_key="another")
    bring(event())
    bring(event(), game=OTHER, key="another")
    kept = {bytes(address) for (address,) in rows(engine, "SELECT address FROM collector_claims")}
    secret = key_of(engine)
    assert kept == {hmac.new(secret, f"{game} {HERE}".encode(), "sha256").digest() for game in (GAME, OTHER)}
    assert len(kept) == 2
    assert len(key_of(engine)) == 32
    assert not kept & {hashlib.sha256(text.encode()).digest() for text in (HERE, f"{GAME} {HERE}")}


def test_what_stands_for_an_address_stays_and_in_the_end_leads_nowhere(bring, engine):
    origins = "SELECT DISTINCT origin FROM collector_claims"
    bring(event())
    rows(engine, "UPDATE collector_claims SET received_on = received_on - 10")
    bring(event(user_id="u2"))
    assert rows(engine, origins) == rows(engine, "SELECT DISTINCT origin FROM collector_players")
    before = datetime.now(UTC).date() - timedelta(days=9)
    assert forget_addresses(engine, before) == 1
    assert forget_addresses(engine, before + timedelta(days=30)) == 1
    bring(event(user_id="u3"))
    assert len(rows(engine, "SELECT DISTINCT origin FROM collector_players")) == 2


def test_the_address_is_that_of_the_connection(arcade, engine):
    headers = {"content_type": "text/plain", "x_forwarded_for": HERE}
    assert send(arcade, envelope([event()]), **headers).status_code == 200
    assert claimed(engine) == [hashed("127.0.0.1", GAME, key_of(engine))]


def test_behind_a_trusted_proxy_it_is_that_of_the_client(settings, engine, published):
    add_published(engine)
    trusting = settings.model_copy(update={"trusted_proxies": "127.0.0.1,10.0.0.0/8"})
    headers = {"content_type": "text/plain", "x_forwarded_for": f"6.6.6.6, {HERE}, 10.1.2.3"}
    with serving(trusting, engine) as arcade:
        assert send(arcade, envelope([event()]), **headers).status_code == 200
    assert claimed(engine) == [hashed(HERE, GAME, key_of(engine))]


def claimed(engine):
    return [bytes(address) for (address,) in rows(engine, "SELECT address FROM collector_claims")]


def test_what_was_claimed_goes_with_its_game(bring, engine):
    bring(event(), purchase(20_001))
    rows(engine, "DELETE FROM games")
    assert (count(engine, "collector_claims"), count(engine, "collector_players")) == (0, 0)
