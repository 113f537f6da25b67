-- The :limit games with the best newest score from :first to :last. One look-up a game in
-- idx_metrics_game_date_score; games are thousands where metrics are millions.
SELECT games.name, games.genre, latest.score
FROM factory.games
JOIN LATERAL (
    SELECT game_metrics.score
    FROM factory.game_metrics
    WHERE game_metrics.game_id = games.id
      AND game_metrics.date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
    ORDER BY game_metrics.date DESC
    LIMIT 1
) AS latest ON latest.score IS NOT NULL
ORDER BY latest.score DESC, games.slug
LIMIT :limit
