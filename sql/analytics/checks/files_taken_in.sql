-- Files of the landing zone that failed, or have waited for longer than the given hours. The open ones by
-- idx_landed_files_open; the table has one row a file.
SELECT
    CAST(NULL AS text) AS game, CAST(found_at AT TIME ZONE 'UTC' AS date) AS date,
    format('%s is %s%s', url, status, COALESCE(': ' || error_message, '')) AS fault
FROM factory.landed_files
WHERE status = 'failed'
   OR status IN ('pending', 'running') AND found_at < CAST(:now AS timestamptz) - make_interval(hours => :hours)
