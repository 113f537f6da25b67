-- Of those of :ids that are games, what a request is judged by: the write key, when the game was published, the secret
-- that addresses are hashed with, and the time of receipt: the transaction's start, as the column's default would give.
-- The lock is that of known_games.sql, taken before any on claims: who deletes a game takes them in the same order.
SELECT
    CAST(id AS text) AS game_id, write_key, coalesce(published_at, created_at) AS opened, key AS address_key,
    now() AS received_at
FROM factory.games
CROSS JOIN factory.collector_key
WHERE id = ANY (CAST(:ids AS uuid[]))
ORDER BY id
FOR KEY SHARE OF games
