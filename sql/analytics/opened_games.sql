-- When those of :ids that are games were published, by the primary key.
SELECT CAST(id AS text) AS game_id, coalesce(published_at, created_at) AS opened
FROM factory.games
WHERE id = ANY (CAST(:ids AS uuid[]))
