-- The factory's own published games with their event specification and the certificates of their levels, by slug:
-- the ten, and the daily ones of games that have them.
-- One lookup a game in game_steps (unique_game_step); step 9 is content production, finished before publication.
SELECT
    CAST(games.id AS text) AS id,
    games.slug,
    games.name,
    games.analytics_spec,
    steps.artifacts -> 'certificates' AS certificates,
    steps.artifacts -> 'dailies' AS dailies
FROM factory.games
LEFT JOIN factory.game_steps AS steps ON steps.game_id = games.id AND steps.step_number = 9
WHERE games.status = 'published' AND NOT games.external
ORDER BY games.slug
