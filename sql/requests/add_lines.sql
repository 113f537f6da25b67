-- Add lines to requests' logs, given as [{"id", "level", "message"}]: all of them to the table of lines, and the newest
-- to the row's own list, which never gets longer than :most. What that costs does not depend on how many there were.
WITH given AS (
    SELECT id, level, message, place, clock_timestamp() AS "timestamp"
    FROM ROWS FROM (jsonb_to_recordset(CAST(:lines AS jsonb)) AS (id int, level text, message text))
        WITH ORDINALITY AS list (id, level, message, place)
),
kept AS (
    INSERT INTO requests.job_logs (job_id, level, message, "timestamp")
    SELECT id, level, message, "timestamp"
    FROM given
    WHERE EXISTS (SELECT FROM requests.jobs WHERE jobs.id = given.id)
    ORDER BY place
),
added AS (
    SELECT
        id,
        jsonb_agg(jsonb_build_object('level', level, 'message', message, 'timestamp', "timestamp") ORDER BY place) AS lines
    FROM given
    GROUP BY id
)
UPDATE requests.jobs SET
    updated_at = clock_timestamp(),
    logs = (
        SELECT jsonb_agg(line ORDER BY place)
        FROM (
            SELECT line, place
            FROM jsonb_array_elements(logs || lines) WITH ORDINALITY AS list (line, place)
            ORDER BY place DESC
            LIMIT :most
        ) AS newest
    )
FROM added
WHERE jobs.id = added.id
