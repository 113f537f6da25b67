-- What changes whenever a page of one of the requests :ids would: one short text a request, of its row and its game's.
-- Asked every second; by primary keys alone, but for one that waits, whose place in the row is counted to 100.
SELECT
    jobs.id,
    concat_ws(
        ' ', jobs.status, jobs.updated_at, games.status, games.current_step,
        (
            SELECT max(steps.step_number) FROM factory.game_steps AS steps
            WHERE steps.game_id = jobs.game_id AND steps.status <> 'pending'
        ),
        CASE WHEN jobs.status = 'pending' THEN (
            SELECT count(*) FROM (
                SELECT FROM requests.jobs AS others
                WHERE others.status = 'pending' AND others.waits_for IS NULL
                  AND (others.created_at, others.id) < (jobs.created_at, jobs.id)
                LIMIT 100
            ) AS before_it
        ) END
    ) AS mark
FROM requests.jobs
LEFT JOIN factory.games ON games.id = jobs.game_id
WHERE jobs.id = ANY(CAST(:ids AS integer []))
