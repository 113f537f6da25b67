-- Everything received before this moment can be seen by now, save what says itself when it was received:
-- received_at is the start of the transaction that stores an event, and the oldest one at work began then.
SELECT least(now(), min(xact_start))
FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
