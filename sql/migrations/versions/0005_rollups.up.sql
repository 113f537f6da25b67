-- Between raw events and game_metrics: one row a player and day, and each player's first day, so that a day's
-- metrics cost what the day holds and not what history holds.

-- user_id NULL is everybody who gave none: it counts in levels, ads and revenue, never as a player.
-- Text in collation C: ids are compared byte by byte, which is several times faster and the same everywhere.
-- game_id has no foreign key, here and in players: its check of every row costs as much as computing the row (measured:
-- 0.7 microseconds an event). Whoever writes locks the day's games once instead, and forget_players does the cascade.
CREATE TABLE factory.player_days (
    date date NOT NULL,
    game_id uuid NOT NULL,
    user_id text COLLATE "C",
    events bigint NOT NULL,
    sessions integer NOT NULL,
    session_micros bigint NOT NULL,
    levels_completed integer NOT NULL,
    levels_failed integer NOT NULL,
    ad_prompts integer NOT NULL,
    ad_impressions integer NOT NULL,
    ad_revenue_micros numeric NOT NULL,
    iap_revenue_cents numeric NOT NULL,
    CONSTRAINT unique_player_day UNIQUE NULLS NOT DISTINCT (date, game_id, user_id)
);

CREATE TABLE factory.players (
    game_id uuid NOT NULL,
    user_id text COLLATE "C" NOT NULL,
    first_date date NOT NULL,
    PRIMARY KEY (game_id, user_id)
);

CREATE INDEX idx_players_first_date ON factory.players(first_date);

CREATE FUNCTION factory.forget_players() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM factory.player_days USING gone WHERE player_days.game_id = gone.id;
    DELETE FROM factory.players USING gone WHERE players.game_id = gone.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_players AFTER DELETE ON factory.games
REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION factory.forget_players();

-- What was computed for each day, and from how many raw events: a day whose raw events number otherwise is out of
-- date. stale_since says that what game_metrics was computed from has changed since.
CREATE TABLE factory.rollup_days (
    date date PRIMARY KEY,
    events bigint,
    player_days_at timestamptz,
    game_metrics_at timestamptz,
    stale_since timestamptz,
    late_events bigint NOT NULL DEFAULT 0
);

CREATE INDEX idx_rollup_days_stale ON factory.rollup_days(date) WHERE stale_since IS NOT NULL;

-- The cohorts behind the rates: a rate of four decimals cannot be pooled over days or games.
ALTER TABLE factory.game_metrics
    ADD COLUMN ad_prompts integer NOT NULL DEFAULT 0,
    ADD COLUMN cohort_d1 integer NOT NULL DEFAULT 0,
    ADD COLUMN retained_d1 integer NOT NULL DEFAULT 0,
    ADD COLUMN cohort_d7 integer NOT NULL DEFAULT 0,
    ADD COLUMN retained_d7 integer NOT NULL DEFAULT 0,
    ADD COLUMN cohort_d30 integer NOT NULL DEFAULT 0,
    ADD COLUMN retained_d30 integer NOT NULL DEFAULT 0;

-- A few pages for millions of rows that come in the order of time.
CREATE INDEX idx_analytics_events_timestamp_brin ON factory.analytics_events USING brin (timestamp);
CREATE INDEX idx_analytics_events_received_brin ON factory.analytics_events USING brin (received_at);

-- Raw events as the portable statements read them. Money is read only from the events that earn it: ingestion keeps
-- it a non-negative 64-bit integer there, and checks it nowhere else.
CREATE VIEW factory.raw_events AS
SELECT
    game_id,
    CAST(user_id AS text) COLLATE "C" AS user_id,
    CAST(session_id AS text) COLLATE "C" AS session_id,
    event_type,
    timestamp,
    CASE WHEN event_type = 'rewarded_ad_completed' THEN CAST(properties ->> 'revenue_micros' AS bigint) END
        AS revenue_micros,
    CASE WHEN event_type = 'iap_completed' THEN CAST(properties ->> 'revenue_cents' AS bigint) END AS revenue_cents
FROM factory.analytics_events;

-- What the portable statements ask of every engine: exact microseconds since 1970, and the nearest whole number to a
-- quotient, halves up, of whole numbers that are not negative. Immutable throughout, so that calls are inlined: a
-- moment's own epoch is only stable, an interval's is not.
CREATE FUNCTION factory.unix_micros(moment timestamptz) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CAST(extract(epoch FROM moment - timestamptz '1970-01-01 00:00:00Z') * 1000000 AS bigint);

CREATE FUNCTION factory.half_up(numerator bigint, denominator bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (2 * numerator + denominator) / (2 * denominator);
