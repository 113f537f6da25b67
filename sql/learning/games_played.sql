-- What players did in each game over its life: one row for each game with :least installs and a first
-- cohort whose day 7 is over.
-- Day 7 is over when the row of that day exists and the day has ended (UTC): today's row is still growing, and
-- would count as lost who has yet to come back. The whole of game_metrics is read, a row a game and day.
-- Of a game that stands still only the days before are read.
SELECT
    games.id,
    games.genre,
    coalesce(nullif(games.selected_mechanics, 'null'), '[]') AS mechanics,
    sum(game_metrics.installs) AS installs,
    sum(game_metrics.cohort_d7) AS cohort_d7,
    sum(game_metrics.retained_d7) AS retained_d7,
    coalesce(sum(game_metrics.levels_completed), 0) AS levels_completed,
    coalesce(sum(game_metrics.levels_failed), 0) AS levels_failed,
    sum(game_metrics.ad_prompts) AS ad_prompts,
    coalesce(sum(game_metrics.ad_impressions), 0) AS ad_impressions
FROM factory.game_metrics
JOIN factory.games ON games.id = game_metrics.game_id
LEFT JOIN factory.frozen_games ON frozen_games.game_id = games.id
WHERE NOT games.external
  AND game_metrics.date < least((now() AT TIME ZONE 'UTC')::date, frozen_games.since)
GROUP BY games.id
HAVING sum(game_metrics.installs) >= :least AND sum(game_metrics.cohort_d7) > 0
