-- The oldest transaction of somebody else's in this database. What another role does is its own affair: then only that
-- it does something is told, where even that may be seen.
SELECT
    pid,
    CAST(extract(epoch FROM now() - xact_start) AS double precision) AS seconds,
    coalesce(state, 'unknown') AS state,
    left(concat_ws(', ', nullif(application_name, ''), nullif(query, '')), 200) AS what
FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
    AND xact_start IS NOT NULL
ORDER BY xact_start
LIMIT 1
