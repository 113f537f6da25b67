-- Requests as their pages show them: both of a pair, whichever of them :id is. By primary keys and indexes on game_id.
-- Pictures are those a person knows the game by; where their content is kept is known from the step that drew them.
SELECT
    jobs.id,
    jobs.game_name,
    jobs.prompt,
    jobs.status,
    jobs.phase_outputs,
    jobs.error,
    jobs.config,
    jobs.created_at,
    jobs.updated_at,
    jobs.pair_of,
    jobs.waits_for,
    jobs.retry_of,
    (SELECT max(later.id) FROM requests.jobs AS later WHERE later.retry_of = jobs.id) AS retried_as,
    clock_timestamp() AS seen_at,
    (
        SELECT count(*) FROM (
            SELECT FROM requests.jobs AS others
            WHERE others.status = 'pending' AND others.waits_for IS NULL
              AND (others.created_at, others.id) < (jobs.created_at, jobs.id)
            LIMIT 100
        ) AS before_it
    ) AS ahead,
    games.slug,
    games.genre,
    games.theme,
    games.style,
    CASE WHEN jobs.config @> '{"compare": true}' THEN games.designer END AS designer,
    games.status AS game_status,
    games.gdd_spec AS design,
    COALESCE((
        SELECT jsonb_agg(
            jsonb_build_object(
                'number', steps.step_number, 'status', steps.status,
                'began', steps.started_at, 'ended', steps.completed_at
            ) ORDER BY steps.step_number
        )
        FROM factory.game_steps AS steps
        WHERE steps.game_id = jobs.game_id
    ), '[]') AS steps,
    COALESCE((
        SELECT jsonb_agg(
            jsonb_build_object(
                'id', assets.id, 'name', assets.metadata ->> 'name', 'width', assets.width,
                'height', assets.height, 'frames', assets.metadata -> 'frames'
            ) ORDER BY assets.filename
        )
        FROM factory.game_assets AS assets
        WHERE assets.game_id = jobs.game_id AND assets.metadata ->> 'name' = ANY(CAST(:pictures AS text []))
    ), '[]') AS pictures
FROM requests.jobs
LEFT JOIN factory.games ON games.id = jobs.game_id
WHERE jobs.id = (SELECT COALESCE(asked.pair_of, asked.id) FROM requests.jobs AS asked WHERE asked.id = :id)
   OR jobs.pair_of = (SELECT COALESCE(asked.pair_of, asked.id) FROM requests.jobs AS asked WHERE asked.id = :id)
ORDER BY jobs.id
