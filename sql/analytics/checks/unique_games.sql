-- More than one row of a game and day. Reads the days by idx_metrics_date; unique_game_date should have refused
-- them.
SELECT games.slug AS game, doubled.date, format('%s rows', doubled.rows) AS fault
FROM (
    SELECT game_id, date, count(*) AS rows
    FROM factory.game_metrics
    WHERE date BETWEEN :first AND :last
    GROUP BY game_id, date
    HAVING count(*) > 1
) AS doubled
JOIN factory.games ON games.id = doubled.game_id
