-- A game's write key and the time of receipt: the transaction's start, as the column's default would give.
SELECT write_key, now() AS received_at
FROM factory.games
WHERE id = CAST(:game_id AS uuid)
