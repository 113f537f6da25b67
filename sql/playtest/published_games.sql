-- The factory's own published games with their event specification and the certificates of their ten levels, by slug.
-- One lookup a game in game_steps (unique_game_step); step 9 is content production, finished before publication.
SELECT
    CAST(games.id AS text) AS id,
    games.slug,
    games.name,
    games.analytics_spec,
    steps.artifacts -> 'certificates' AS certificates
FROM factory.games
LEFT JOIN factory.game_steps AS steps ON steps.game_id = games.id AND steps.step_number = 9
WHERE games.status = 'published' AND NOT games.external
ORDER BY games.slug
