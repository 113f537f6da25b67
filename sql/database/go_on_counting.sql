-- Numbers that are counted go on after those there are. Of the factory's tables these are the requests' alone.
SELECT setval(pg_get_serial_sequence(name, 'id'), max(number) + 1, false)
FROM (
    SELECT 'requests.jobs' AS name, max(id)::bigint AS number FROM requests.jobs
    UNION ALL
    SELECT 'requests.job_logs', max(id) FROM requests.job_logs
) AS counted
WHERE number IS NOT NULL
GROUP BY name
