-- Games that a run has finished lately, of whose steps some never ended. A game made by several runs has its ends over
-- them; only its owner's runs count, for whoever is signed in may say of a run of theirs that it is about any game.
WITH finished AS (
    SELECT DISTINCT owner_id, project_spec -> 'game' ->> 'id' AS game
    FROM ledger.jobs
    WHERE status = 'completed' AND kind = 'game' AND completed_at >= :since
)
SELECT
    finished.game,
    max(jobs.run_id) AS run,
    count(DISTINCT bot_name) FILTER (WHERE event_type = 'end' AND bot_name <> 'system') AS ends
FROM finished
JOIN ledger.jobs ON jobs.owner_id = finished.owner_id
    AND jobs.project_spec -> 'game' ->> 'id' IS NOT DISTINCT FROM finished.game
    AND jobs.kind = 'game'
LEFT JOIN ledger.job_events ON job_events.run_id = jobs.run_id
GROUP BY finished.owner_id, finished.game
HAVING count(DISTINCT bot_name) FILTER (WHERE event_type = 'end' AND bot_name <> 'system') <> :steps
ORDER BY finished.game
