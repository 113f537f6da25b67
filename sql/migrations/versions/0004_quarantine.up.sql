-- Events a rule refused, kept whole with the reason, to be looked at and driven again after a fix.
-- raw is text because jsonb refuses some of what is wrong with them (NUL, lone surrogates, not JSON at all).
-- game_id is text without a foreign key because the game may not exist. id is a digest of the event, so the same
-- event sent again changes nothing.
CREATE TABLE factory.quarantined_events (
    id uuid PRIMARY KEY,
    raw text NOT NULL,
    reason varchar(50) NOT NULL,
    field varchar(100),
    game_id text,
    received_at timestamptz NOT NULL DEFAULT now(),
    source varchar(255) NOT NULL
);

CREATE INDEX idx_quarantined_events_reason ON factory.quarantined_events(reason, received_at);
CREATE INDEX idx_quarantined_events_received ON factory.quarantined_events(received_at);

-- Two first events of a month at the same time: to_regclass after the wait still answers from this session's
-- cache, which says there is no such table, and creating it again fails. pg_class itself tells the truth.
CREATE OR REPLACE FUNCTION factory.ensure_events_partition(moment timestamptz) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    first_day timestamptz := date_trunc('month', moment);
    partition text := 'analytics_events_' || to_char(moment, 'YYYY_MM');
BEGIN
    IF moment IS NULL OR moment < '2000-01-01' OR moment >= '2200-01-01' THEN
        RAISE EXCEPTION 'no partition for %: expected a moment from 2000 to 2199', moment
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass('factory.' || partition) IS NOT NULL THEN
        RETURN partition;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('factory.ensure_events_partition', 0));
    IF NOT EXISTS (
        SELECT FROM pg_class WHERE relname = partition AND relnamespace = 'factory'::regnamespace
    ) THEN
        EXECUTE format(
            'CREATE TABLE factory.%I PARTITION OF factory.analytics_events FOR VALUES FROM (%L) TO (%L)',
            partition, first_day, first_day + interval '1 month'
        );
    END IF;
    RETURN partition;
END
$$;
