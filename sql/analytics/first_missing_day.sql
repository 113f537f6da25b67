-- The first day from :first to :last that was not computed when it was over, after the first day that ever had
-- metrics; NULL when there is none or nothing was ever computed. Primary key of rollup_days.
SELECT CAST(min(day) AS date)
FROM generate_series(
    greatest(
        CAST(:first AS date), (SELECT min(date) FROM factory.rollup_days WHERE game_metrics_at IS NOT NULL)
    ),
    CAST(:last AS date),
    interval '1 day'
) AS day
WHERE EXISTS (SELECT FROM factory.rollup_days WHERE game_metrics_at IS NOT NULL)
  AND NOT EXISTS (
      SELECT FROM factory.rollup_days
      WHERE rollup_days.date = CAST(day AS date)
        AND player_days_at >= CAST(rollup_days.date + 1 AS timestamp) AT TIME ZONE 'UTC'
        AND game_metrics_at IS NOT NULL
  )
