-- Background jobs whose ids lie between two: those that begin alike. Two tell that the beginning is not enough.
SELECT id
FROM public.jobs
WHERE id BETWEEN CAST(:first AS uuid) AND CAST(:last AS uuid)
LIMIT 2
