-- Of the queues made on the way up those go that hold nothing; one with messages, or with an archive, stays for the next
-- way up, and so does one that was there before.
DO $$
DECLARE
    queue text;
    held boolean;
BEGIN
    FOREACH queue IN ARRAY ARRAY['job_queue', 'job_queue_high', 'job_queue_low', 'job_queue_dead'] LOOP
        IF obj_description(to_regclass(format('pgmq.%I', 'q_' || queue)), 'pg_class') = 'made for background jobs' THEN
            EXECUTE format('SELECT EXISTS (TABLE pgmq.%I) OR EXISTS (TABLE pgmq.%I)', 'q_' || queue, 'a_' || queue)
            INTO held;
            IF NOT held THEN
                PERFORM pgmq.drop_queue(queue);
            END IF;
        END IF;
    END LOOP;
END $$;
