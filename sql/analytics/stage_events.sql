-- An empty table of this connection's own, for one chunk of events. A temporary table is never logged, nobody
-- else sees it, and the server drops it with the connection, however that ends. It is made once a connection,
-- and emptied without a trace at each commit; the DELETE is for a second chunk in one transaction.
-- The memory is for sorting a chunk without a file.
CREATE TEMPORARY TABLE IF NOT EXISTS staged_events (LIKE factory.analytics_events) ON COMMIT DELETE ROWS;
DELETE FROM pg_temp.staged_events;
SET LOCAL work_mem = '32MB'
