-- What there is to tell of one game. The build is the newest for the web, which is the one that is published.
SELECT
    games.name,
    games.slug,
    games.genre,
    games.theme,
    games.style,
    coalesce(games.gdd_spec, '{}') AS design,
    games.play_url,
    (SELECT count(*) FROM factory.game_assets WHERE game_assets.game_id = games.id) AS assets,
    coalesce((
        SELECT jsonb_array_length(artifacts -> 'certificates')
        FROM factory.game_steps
        WHERE game_steps.game_id = games.id AND step_name = 'content_production'
    ), 0) AS levels,
    build.id AS build_id,
    build.file_size_bytes AS build_bytes
FROM factory.games
LEFT JOIN LATERAL (
    SELECT id, file_size_bytes
    FROM factory.game_builds
    WHERE game_builds.game_id = games.id AND platform = 'web'
    ORDER BY build_number DESC
    LIMIT 1
) AS build ON true
WHERE games.id = :game
