-- Delete what addresses claimed on days of receipt before :before; by idx_collector_claims_received. What stands for
-- them in collector_players leads nowhere then. A game that nobody looked at since it was flooded keeps its rows.
DELETE FROM factory.collector_claims
WHERE received_on < :before AND game_id NOT IN (SELECT game_id FROM factory.frozen_games)
