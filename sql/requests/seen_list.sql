-- Requests in their list, the newest first, from a key on; by jobs_newest_idx, or jobs_status_idx where a state is asked.
SELECT
    jobs.id,
    jobs.game_name,
    left(jobs.prompt, 400) AS prompt,
    jobs.status,
    jobs.error ->> 'message' AS error,
    jobs.created_at,
    jobs.updated_at,
    jobs.pair_of,
    EXISTS (SELECT FROM requests.jobs AS second WHERE second.pair_of = jobs.id) AS has_second,
    games.slug,
    games.genre,
    games.style,
    games.status AS game_status
FROM requests.jobs
LEFT JOIN factory.games ON games.id = jobs.game_id
WHERE (jobs.created_at, jobs.id) < (CAST(:moment AS timestamptz), CAST(:id AS integer))
  AND (CAST(:status AS text) IS NULL OR jobs.status = :status)
ORDER BY jobs.created_at DESC, jobs.id DESC
LIMIT :limit
