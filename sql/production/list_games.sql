-- The newest games, optionally of one state or genre. Bounded by :limit.
SELECT id, name, slug, genre, style, status, current_step, attempt, play_url, error_message, created_at, published_at
FROM factory.games
WHERE (CAST(:status AS text) IS NULL OR status = :status)
  AND (CAST(:genre AS text) IS NULL OR genre = :genre)
ORDER BY created_at DESC, batch_position DESC
LIMIT :limit
