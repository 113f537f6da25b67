-- Games whose live events come late: of the events of the last day, more than the given share was received more
-- than the given hours after it happened. Events older than a day are imports or late and judged elsewhere.
-- So are those of playtests, which are made after the days they tell of. Reads one day of events by BRIN on
-- timestamp.
SELECT
    games.slug AS game, CAST(lagging.newest AT TIME ZONE 'UTC' AS date) AS date,
    format(
        '%s of %s events were received more than %s h after they happened, the worst after %s h',
        lagging.late, lagging.events, CAST(:hours AS integer),
        round(CAST(extract(epoch FROM lagging.worst) / 3600 AS numeric), 1)
    ) AS fault
FROM (
    SELECT
        game_id, count(*) AS events, max(timestamp) AS newest, max(received_at - timestamp) AS worst,
        count(*) FILTER (WHERE received_at - timestamp > make_interval(hours => :hours)) AS late
    FROM factory.analytics_events
    WHERE timestamp >= CAST(:now AS timestamptz) - interval '1 day'
      AND NOT device_info @> '{"traffic": "playtest"}'
    GROUP BY game_id
) AS lagging
JOIN factory.games ON games.id = lagging.game_id
WHERE lagging.late > CAST(:share AS double precision) * lagging.events
