-- Document 004: the queue job_queue; beside it those of jobs that go before and after others, and the dead letters. Safe
-- to run again, and over queues that are there: those and what is in them stay, and have to be open to us.
DO $$
DECLARE
    queue text;
    q_table text;
    a_table text;
    kind text;
BEGIN
    FOREACH queue IN ARRAY ARRAY['job_queue', 'job_queue_high', 'job_queue_low', 'job_queue_dead'] LOOP
        q_table := format('pgmq.%I', 'q_' || queue);
        a_table := format('pgmq.%I', 'a_' || queue);
        IF to_regclass(q_table) IS NULL THEN
            PERFORM pgmq.create(queue);
            EXECUTE format('COMMENT ON TABLE %s IS %L', q_table, 'made for background jobs');
            EXECUTE format('REVOKE ALL ON %s, %s FROM PUBLIC, anon, authenticated, service_role', q_table, a_table);
        ELSIF to_regclass(a_table) IS NULL THEN
            PERFORM pgmq.create(queue);
        END IF;
        IF (
            SELECT count(*) < 2 FROM pg_attribute
            WHERE attrelid = q_table::regclass AND attname IN ('headers', 'last_read_at')
        ) THEN
            RAISE EXCEPTION 'queue % is an older PGMQ''s: its table lacks headers or last_read_at; drop it, or add them', queue;
        END IF;
        FOREACH kind IN ARRAY ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] LOOP
            IF NOT has_table_privilege(q_table, kind)
                OR kind IN ('SELECT', 'INSERT') AND NOT has_table_privilege(a_table, kind) THEN
                RAISE EXCEPTION 'permission denied for queue %', queue USING ERRCODE = 'insufficient_privilege';
            END IF;
        END LOOP;
    END LOOP;
END $$;
