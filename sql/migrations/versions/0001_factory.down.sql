-- Takes everything of document 001 away, data included.

DROP FUNCTION factory.ensure_events_partition(timestamptz);

DROP TABLE factory.generation_logs;
DROP TABLE factory.learning_weights;
DROP TABLE factory.game_metrics;
DROP TABLE factory.analytics_events;
DROP TABLE factory.game_builds;
DROP TABLE factory.game_assets;
DROP TABLE factory.mechanics;
DROP TABLE factory.game_steps;
DROP TABLE factory.games;
DROP TABLE factory.batches;

DROP SCHEMA factory;

DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I RESET search_path', current_database());
EXCEPTION WHEN insufficient_privilege THEN NULL;
END
$$;
