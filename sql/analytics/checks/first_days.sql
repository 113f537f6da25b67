-- Players active before their first day or without one, and first days on which nobody saw the player. Reads the
-- days by unique_player_day and idx_players_first_date; each player by players' primary key.
SELECT
    games.slug AS game, player_days.date,
    CASE WHEN players.user_id IS NULL THEN format('player %L has no first day', player_days.user_id)
    ELSE format('player %L is active before the first day, %s', player_days.user_id, players.first_date) END AS fault
FROM factory.player_days
JOIN factory.games ON games.id = player_days.game_id
LEFT JOIN factory.players ON players.game_id = player_days.game_id AND players.user_id = player_days.user_id
WHERE player_days.date BETWEEN :first AND :last
  AND player_days.user_id IS NOT NULL
  AND (players.user_id IS NULL OR players.first_date > player_days.date)
UNION ALL
SELECT games.slug, players.first_date, format('player %L began here but was not active', players.user_id)
FROM factory.players
JOIN factory.games ON games.id = players.game_id
LEFT JOIN factory.player_days
    ON player_days.date = players.first_date
    AND player_days.game_id = players.game_id
    AND player_days.user_id = players.user_id
WHERE players.first_date BETWEEN :first AND :last AND player_days.user_id IS NULL
