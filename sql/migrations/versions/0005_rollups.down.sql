DROP FUNCTION factory.half_up(bigint, bigint);
DROP FUNCTION factory.unix_micros(timestamptz);
DROP VIEW factory.raw_events;

DROP INDEX factory.idx_analytics_events_received_brin;
DROP INDEX factory.idx_analytics_events_timestamp_brin;

ALTER TABLE factory.game_metrics
    DROP COLUMN ad_prompts,
    DROP COLUMN cohort_d1,
    DROP COLUMN retained_d1,
    DROP COLUMN cohort_d7,
    DROP COLUMN retained_d7,
    DROP COLUMN cohort_d30,
    DROP COLUMN retained_d30;

DROP TRIGGER forget_players ON factory.games;
DROP FUNCTION factory.forget_players();

DROP TABLE factory.rollup_days;
DROP TABLE factory.players;
DROP TABLE factory.player_days;
