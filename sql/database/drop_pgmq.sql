-- What is left of PGMQ without its functions and types, where no queue is. Anything of somebody else's in it keeps it.
DO $$
BEGIN
    DROP FUNCTION IF EXISTS pgmq.notify_queue_listeners();
    DROP TABLE IF EXISTS pgmq.topic_bindings, pgmq.notify_insert_throttle, pgmq.meta;
    DROP SCHEMA pgmq;
END $$
