DROP VIEW factory.frozen_games;
ALTER TABLE factory.games DROP COLUMN trusted_until;
DROP TABLE factory.collector_players;
DROP TABLE factory.collector_claims;
DROP TABLE factory.collector_key;
