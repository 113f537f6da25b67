-- Let the collector know the given players, and add to what they did on :today. Who is known keeps when and whence they
-- first came. In the order of the primary key, so that two collectors wait for each other instead of deadlocking.
INSERT INTO factory.collector_players AS known
    (game_id, user_id, first_at, origin, received_on, events, cents)
SELECT
    game_id, user_id, CAST(:received_at AS timestamptz), origin, CAST(:today AS date), events, cents
FROM unnest(
    CAST(:game_id AS uuid[]), CAST(:user_id AS text[]), CAST(:origin AS uuid[]), CAST(:events AS bigint[]),
    CAST(:cents AS bigint[])
) AS given (game_id, user_id, origin, events, cents)
ORDER BY game_id, user_id
ON CONFLICT (game_id, user_id) DO UPDATE SET
    received_on = excluded.received_on,
    events = CASE WHEN known.received_on = excluded.received_on THEN known.events ELSE 0 END + excluded.events,
    cents = CASE WHEN known.received_on = excluded.received_on THEN known.cents ELSE 0 END + excluded.cents
