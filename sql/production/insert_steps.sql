-- The twelve pending steps of every game of a batch that has none yet.
-- Relies on unique_game_step: planning a batch twice cannot double them.
INSERT INTO factory.game_steps (game_id, step_number, step_name)
SELECT games.id, steps.number, steps.name
FROM factory.games
CROSS JOIN unnest(CAST(:names AS text[])) WITH ORDINALITY AS steps (name, number)
WHERE games.batch_id = :batch_id
ON CONFLICT ON CONSTRAINT unique_game_step DO NOTHING
