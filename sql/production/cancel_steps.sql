-- Steps of a cancelled game: the one at work has failed, those not begun will not be.
UPDATE factory.game_steps
SET status = CASE status WHEN 'pending' THEN 'skipped' ELSE 'failed' END,
    error_message = CASE status WHEN 'pending' THEN error_message ELSE :why END
WHERE game_id = :game_id AND status IN ('pending', 'running')
