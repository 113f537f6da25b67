-- Add to what the given addresses brought on :today, and let the collector know the given players and what they did.
-- What stands for an address is the same as on its newest day before, found by the primary key, or else something new;
-- a player who is known keeps since when and whence they came. In the order of the primary keys, so that two collectors
-- wait for each other instead of deadlocking.
WITH claimed AS (
    INSERT INTO factory.collector_claims AS known
        (game_id, address, received_on, origin, events, players, anonymous_cents, implausible)
    SELECT
        game_id, address, CAST(:today AS date),
        coalesce(
            (
                SELECT origin
                FROM factory.collector_claims AS earlier
                WHERE earlier.game_id = given.game_id AND earlier.address = given.address
                ORDER BY received_on DESC
                LIMIT 1
            ),
            gen_random_uuid()
        ),
        events, players, anonymous_cents, implausible
    FROM unnest(
        CAST(:game_id AS uuid[]), CAST(:address AS bytea[]), CAST(:events AS bigint[]), CAST(:players AS bigint[]),
        CAST(:anonymous_cents AS bigint[]), CAST(:implausible AS bigint[])
    ) AS given (game_id, address, events, players, anonymous_cents, implausible)
    ORDER BY game_id, address
    ON CONFLICT (game_id, address, received_on) DO UPDATE SET
        events = known.events + excluded.events,
        players = known.players + excluded.players,
        anonymous_cents = known.anonymous_cents + excluded.anonymous_cents,
        implausible = known.implausible + excluded.implausible
    RETURNING game_id, address, origin
)
INSERT INTO factory.collector_players AS known
    (game_id, user_id, since, origin, received_on, events, cents)
SELECT
    game_id, user_id, CAST(:since AS timestamptz), origin, CAST(:today AS date), events, cents
FROM unnest(
    CAST(:player_game_id AS uuid[]), CAST(:player_address AS bytea[]), CAST(:user_id AS text[]),
    CAST(:player_events AS bigint[]), CAST(:player_cents AS bigint[])
) AS given (game_id, address, user_id, events, cents)
JOIN claimed USING (game_id, address)
ORDER BY game_id, user_id
ON CONFLICT (game_id, user_id) DO UPDATE SET
    received_on = excluded.received_on,
    events = CASE WHEN known.received_on = excluded.received_on THEN known.events ELSE 0 END + excluded.events,
    cents = CASE WHEN known.received_on = excluded.received_on THEN known.cents ELSE 0 END + excluded.cents
