-- Published games with each one's newest score, best first; those without a score yet last, newest first.
-- One index lookup a game for the score (idx_metrics_game_date_score). Bounded by :limit.
SELECT
    games.name,
    games.slug,
    games.genre,
    games.gdd_spec ->> 'tagline' AS tagline,
    games.style,
    latest.score,
    count(*) OVER () AS total
FROM factory.games
LEFT JOIN LATERAL (
    SELECT game_metrics.score
    FROM factory.game_metrics
    WHERE game_metrics.game_id = games.id
    ORDER BY game_metrics.date DESC
    LIMIT 1
) AS latest ON TRUE
WHERE games.status = 'published' AND NOT games.external
  AND (CAST(:genre AS text) IS NULL OR games.genre = :genre)
  AND (
      CAST(:pattern AS text) IS NULL
      OR games.name ILIKE :pattern
      OR games.genre ILIKE :pattern
      OR games.theme ILIKE :pattern
      OR games.gdd_spec ->> 'tagline' ILIKE :pattern
      OR replace(games.style, '_', ' ') ILIKE :pattern
  )
ORDER BY latest.score DESC NULLS LAST, games.published_at DESC, games.slug
LIMIT :limit OFFSET :offset
