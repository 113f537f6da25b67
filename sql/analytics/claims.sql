-- What each of the given addresses brought for a game on :today, a UTC day of receipt. By the primary key. The locks
-- make other collectors that hear of the same address wait, so that none counts from what is about to change; in the
-- order of the key, so that they do not deadlock.
SELECT
    CAST(collector_claims.game_id AS text) AS game_id, collector_claims.address,
    collector_claims.events, collector_claims.players, collector_claims.anonymous_cents
FROM unnest(CAST(:game_id AS uuid[]), CAST(:address AS bytea[])) AS given (game_id, address)
JOIN factory.collector_claims
    ON collector_claims.game_id = given.game_id
    AND collector_claims.address = given.address
    AND collector_claims.received_on = :today
ORDER BY collector_claims.game_id, collector_claims.address
FOR NO KEY UPDATE OF collector_claims
