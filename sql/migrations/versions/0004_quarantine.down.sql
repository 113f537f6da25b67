DROP TABLE factory.quarantined_events;

-- As the first revision has it.
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
    IF to_regclass('factory.' || partition) IS NULL THEN
        EXECUTE format(
            'CREATE TABLE factory.%I PARTITION OF factory.analytics_events FOR VALUES FROM (%L) TO (%L)',
            partition, first_day, first_day + interval '1 month'
        );
    END IF;
    RETURN partition;
END
$$;
