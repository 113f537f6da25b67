-- Write keys of those of :ids that are games, and the time of receipt: the transaction's start, as the column's
-- default would give.
SELECT CAST(id AS text) AS game_id, write_key, now() AS received_at
FROM factory.games
WHERE id = ANY (CAST(:ids AS uuid[]))
