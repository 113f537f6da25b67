-- What was refused in the last day, by game, day and reason, when it is more than the given share of what came in
-- and at least the given number. Reads idx_quarantined_events_received and BRIN on received_at.
WITH refused AS (
    SELECT
        game_id, CAST(received_at AT TIME ZONE 'UTC' AS date) AS date, reason, field, count(*) AS events
    FROM factory.quarantined_events
    WHERE received_at >= CAST(:now AS timestamptz) - interval '1 day'
    GROUP BY 1, 2, 3, 4
),
total AS (
    SELECT
        (SELECT COALESCE(sum(events), 0) FROM refused) AS refused,
        (
            SELECT count(*) FROM factory.analytics_events
            WHERE received_at >= CAST(:now AS timestamptz) - interval '1 day'
        ) AS stored
)
SELECT
    COALESCE(games.slug, refused.game_id) AS game, refused.date,
    format('%s events refused: %s', refused.events, concat_ws(' ', refused.reason, refused.field)) AS fault
FROM refused
CROSS JOIN total
LEFT JOIN factory.games ON CAST(games.id AS text) = refused.game_id
WHERE total.refused >= :least AND total.refused > CAST(:share AS double precision) * (total.refused + total.stored)
