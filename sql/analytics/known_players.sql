-- Those of the given players that the collector has heard of: since when it believes them, and what they did on the last
-- day it heard of them. A look-up a player, by the primary key.
SELECT
    CAST(known.game_id AS text) AS game_id, known.user_id, known.since, known.received_on, known.events, known.cents
FROM unnest(CAST(:game_id AS uuid[]), CAST(:user_id AS text[])) AS given (game_id, user_id)
JOIN factory.collector_players AS known
    ON known.game_id = given.game_id AND known.user_id = given.user_id
