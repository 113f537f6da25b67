-- What Spark gives the portable statements, over event_files, the archive's files. Money is read only from the
-- events that earn it, as in factory.raw_events. Files are in the order of time, so that a day's bounds skip the row
-- groups of other days.
-- What the statements take for a game is a game on a UTC day: so one of them computes any number of days, in one pass
-- over the files.
CREATE OR REPLACE TEMPORARY VIEW raw_events AS
SELECT
    named_struct('date', CAST(timestamp AS DATE), 'game_id', game_id) AS game_id,
    user_id,
    session_id,
    event_type,
    timestamp,
    CASE WHEN event_type = 'rewarded_ad_completed'
        THEN CAST(get_json_object(properties, '$.revenue_micros') AS BIGINT) END AS revenue_micros,
    CASE WHEN event_type = 'iap_completed'
        THEN CAST(get_json_object(properties, '$.revenue_cents') AS BIGINT) END AS revenue_cents
FROM event_files;

CREATE OR REPLACE TEMPORARY FUNCTION half_up(numerator BIGINT, denominator BIGINT) RETURNS BIGINT
RETURN (2 * numerator + denominator) DIV (2 * denominator);
