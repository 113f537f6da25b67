-- How far the rollups are: the last day computed, days whose metrics wait to be computed again, and for the span
-- :first to :last the days left out since the first one ever computed, and late events. rollup_days has one row a
-- day, so all of it is read.
WITH whole AS (
    SELECT
        min(date) FILTER (WHERE game_metrics_at IS NOT NULL) AS first_day,
        max(date) FILTER (WHERE game_metrics_at IS NOT NULL) AS last_day,
        count(*) FILTER (WHERE stale_since IS NOT NULL) AS stale,
        min(date) FILTER (WHERE stale_since IS NOT NULL) AS stale_from,
        max(date) FILTER (WHERE stale_since IS NOT NULL) AS stale_to
    FROM factory.rollup_days
), span AS (
    SELECT
        count(*) FILTER (WHERE game_metrics_at IS NOT NULL) AS computed,
        CAST(coalesce(sum(late_events), 0) AS bigint) AS late_events
    FROM factory.rollup_days
    WHERE date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
)
SELECT
    last_day,
    stale,
    stale_from,
    stale_to,
    CASE
        WHEN first_day <= CAST(:last AS date)
        THEN CAST(:last AS date) - greatest(CAST(:first AS date), first_day) + 1 - computed
        ELSE 0
    END AS missing,
    late_events
FROM whole, span
