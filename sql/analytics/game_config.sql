-- What a published game needs to report its events.
SELECT CAST(id AS text) AS game_id, write_key
FROM factory.games
WHERE slug = :slug AND status = 'published'
