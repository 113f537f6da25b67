-- What is known of each of the given players: when the collector first heard of them and what they did on the last day
-- it did, and their first day in the rollups, where files may have brought them. NULLs where nothing is known.
-- Two look-ups a player, by primary keys.
SELECT
    CAST(given.game_id AS text) AS game_id, given.user_id, known.first_at, known.received_on, known.events,
    known.cents, players.first_date
FROM unnest(CAST(:game_id AS uuid[]), CAST(:user_id AS text[])) AS given (game_id, user_id)
LEFT JOIN factory.collector_players AS known
    ON known.game_id = given.game_id AND known.user_id = given.user_id
LEFT JOIN factory.players
    ON players.game_id = given.game_id AND players.user_id = given.user_id
