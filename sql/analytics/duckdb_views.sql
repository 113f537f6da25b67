-- What DuckDB gives the portable statements, over event_files, the archive's files. Money is read only from the
-- events that earn it, as in factory.raw_events. Files are in the order of time, so that a day's bounds skip the row
-- groups of other days.
CREATE OR REPLACE VIEW raw_events AS
SELECT
    game_id,
    user_id,
    session_id,
    event_type,
    timestamp,
    CASE WHEN event_type = 'rewarded_ad_completed' THEN CAST(properties ->> '$.revenue_micros' AS BIGINT) END
        AS revenue_micros,
    CASE WHEN event_type = 'iap_completed' THEN CAST(properties ->> '$.revenue_cents' AS BIGINT) END
        AS revenue_cents
FROM event_files;

CREATE OR REPLACE TABLE player_days (
    date DATE,
    game_id VARCHAR,
    user_id VARCHAR,
    events BIGINT,
    sessions INTEGER,
    session_micros BIGINT,
    levels_completed INTEGER,
    levels_failed INTEGER,
    ad_prompts INTEGER,
    ad_impressions INTEGER,
    ad_revenue_micros DECIMAL(38, 0),
    iap_revenue_cents DECIMAL(38, 0)
);

CREATE OR REPLACE MACRO unix_micros(moment) AS epoch_us(moment);

CREATE OR REPLACE MACRO half_up(numerator, denominator) AS (2 * numerator + denominator) // (2 * denominator);
