-- Days whose metrics have waited to be computed again for longer than the late sensor takes. Reads
-- idx_rollup_days_stale, which holds only such days.
SELECT
    CAST(NULL AS text) AS game, date,
    format('waits to be computed again since %s UTC', to_char(stale_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
        AS fault
FROM factory.rollup_days
WHERE stale_since IS NOT NULL AND stale_since < CAST(:now AS timestamptz) - make_interval(hours => :hours)
