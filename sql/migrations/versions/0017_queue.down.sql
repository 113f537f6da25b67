-- Queues in which nothing waits go; one with messages stays, for the next way up.
DO $$
DECLARE
    queue text;
    waiting bigint;
BEGIN
    FOREACH queue IN ARRAY ARRAY['job_queue', 'job_queue_high', 'job_queue_low', 'job_queue_dead'] LOOP
        IF to_regclass(format('pgmq.%I', 'q_' || queue)) IS NOT NULL THEN
            EXECUTE format('SELECT count(*) FROM pgmq.%I', 'q_' || queue) INTO waiting;
            IF waiting = 0 THEN
                PERFORM pgmq.drop_queue(queue);
            END IF;
        END IF;
    END LOOP;
END $$;
