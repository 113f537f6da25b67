-- The games of a batch in planned order, with what people ask about each.
-- Relies on idx_games_batch_id, idx_game_steps_game_id and idx_game_builds_game_id.
SELECT games.id,
       games.name,
       games.slug,
       games.genre,
       games.status,
       games.current_step,
       games.attempt,
       games.error_message,
       games.style,
       games.selected_mechanics AS mechanics,
       games.play_url,
       steps.retries,
       steps.seconds,
       steps.levels,
       builds.file_size_bytes AS build_bytes
FROM factory.games
LEFT JOIN LATERAL (
    SELECT sum(retry_count)::int AS retries,
           sum((artifacts ->> 'took_seconds')::float8) AS seconds,
           max(CASE WHEN step_name = 'content_production' THEN jsonb_array_length(artifacts -> 'certificates') END) AS levels
    FROM factory.game_steps
    WHERE game_steps.game_id = games.id
) AS steps ON true
LEFT JOIN LATERAL (
    SELECT file_size_bytes
    FROM factory.game_builds
    WHERE game_builds.game_id = games.id AND platform = 'web' AND game_builds.status = 'success'
    ORDER BY build_number DESC
    LIMIT 1
) AS builds ON true
WHERE games.batch_id = :batch_id
ORDER BY games.batch_position
