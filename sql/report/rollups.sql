-- How far the rollups are: the last day computed, days whose metrics wait to be computed again, and for the span
-- :first to :last the days left out since the first one ever computed, and late events. rollup_days has one row a
-- day, so all of it is read.
SELECT
    max(date) FILTER (WHERE game_metrics_at IS NOT NULL) AS last_day,
    count(*) FILTER (WHERE stale_since IS NOT NULL) AS stale,
    min(date) FILTER (WHERE stale_since IS NOT NULL) AS stale_from,
    max(date) FILTER (WHERE stale_since IS NOT NULL) AS stale_to,
    greatest(
        CAST(:last AS date) + 1
        - greatest(CAST(:first AS date), min(date) FILTER (WHERE game_metrics_at IS NOT NULL))
        - count(*) FILTER (
            WHERE game_metrics_at IS NOT NULL AND date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
        ),
        0
    ) AS missing,
    CAST(coalesce(
        sum(late_events) FILTER (WHERE date BETWEEN CAST(:first AS date) AND CAST(:last AS date)), 0
    ) AS bigint) AS late_events
FROM factory.rollup_days
