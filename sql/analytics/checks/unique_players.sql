-- More than one row of a player in a game and day. Reads the days by unique_player_day, which is what should have
-- refused them.
SELECT games.slug AS game, doubled.date, format('%s rows of player %L', doubled.rows, doubled.user_id) AS fault
FROM (
    SELECT game_id, date, user_id, count(*) AS rows
    FROM factory.player_days
    WHERE date BETWEEN :first AND :last
    GROUP BY game_id, date, user_id
    HAVING count(*) > 1
) AS doubled
JOIN factory.games ON games.id = doubled.game_id
