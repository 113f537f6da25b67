-- Let players of :day be known since then who were unknown, or known since a later day; tell by that day (null:
-- unknown) how many. Only those are written, the rest is one look-up each by the primary key of players.
-- Relies on the rollups' lock: nobody else writes players meanwhile.
WITH moved AS (
    SELECT player_days.game_id, player_days.user_id, players.first_date AS before
    FROM factory.player_days
    LEFT JOIN factory.players USING (game_id, user_id)
    WHERE player_days.date = CAST(:day AS date)
      AND player_days.user_id IS NOT NULL
      AND (players.first_date IS NULL OR players.first_date > CAST(:day AS date))
),
stored AS (
    INSERT INTO factory.players AS known (game_id, user_id, first_date)
    SELECT game_id, user_id, CAST(:day AS date)
    FROM moved
    ORDER BY game_id, user_id
    ON CONFLICT (game_id, user_id) DO UPDATE SET first_date = least(known.first_date, excluded.first_date)
)
SELECT before, count(*) AS players
FROM moved
GROUP BY before
