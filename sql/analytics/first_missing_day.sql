-- The first day from :first to :last without metrics after the first day that ever had some; NULL when none is
-- missing or nothing was ever computed. Primary key of rollup_days.
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
      WHERE rollup_days.date = CAST(day AS date) AND player_days_at IS NOT NULL AND game_metrics_at IS NOT NULL
  )
