-- The day that should have been computed by now, and its games without a row. Nothing is asked of a factory that
-- has no events up to that day and never computed any. Primary keys and unique_player_day.
SELECT CAST(NULL AS text) AS game, CAST(:day AS date) AS date, 'was not computed since it is over' AS fault
WHERE NOT EXISTS (
    SELECT FROM factory.rollup_days
    WHERE date = :day AND player_days_at >= :end AND game_metrics_at IS NOT NULL
)
AND (
    EXISTS (SELECT FROM factory.rollup_days WHERE date < :day)
    OR EXISTS (SELECT FROM factory.analytics_events WHERE timestamp < :end)
)
UNION ALL
SELECT games.slug, CAST(:day AS date), format('%s events but no row', sum(player_days.events))
FROM factory.player_days
JOIN factory.games ON games.id = player_days.game_id
WHERE player_days.date = :day
  AND NOT EXISTS (
      SELECT FROM factory.game_metrics
      WHERE game_metrics.game_id = player_days.game_id AND game_metrics.date = :day
  )
GROUP BY games.slug
