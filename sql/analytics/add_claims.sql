-- Add to what the given addresses brought on :today, and tell what stands for each of them: the same as on the newest
-- day before, found by the primary key, or else something new.
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
RETURNING CAST(game_id AS text) AS game_id, address, CAST(origin AS text) AS origin
