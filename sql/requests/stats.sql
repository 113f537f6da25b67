-- How many requests there are in every state, those with none too; one statement, so that the sum is right at a moment.
SELECT status, count(jobs.id) AS requests
FROM unnest(CAST(:statuses AS text[])) WITH ORDINALITY AS known (status, place)
LEFT JOIN requests.jobs USING (status)
GROUP BY status, place
ORDER BY place
