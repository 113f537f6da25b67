-- One day of select_player_days.sql, which takes the place of its name in braces, into DuckDB's own player_days.
INSERT INTO player_days BY NAME
SELECT CAST(:day AS DATE) AS date, *
FROM (
{select_player_days}
)
