-- Games whose events are taken in though they were made elsewhere. A game that is there already stays as it is.
-- In the order of the primary key, so that two imports wait for each other instead of deadlocking.
INSERT INTO factory.games (id, name, slug, genre, status, external)
SELECT id, 'External ' || left(CAST(id AS text), 8), 'external-' || id, 'external', 'published', TRUE
FROM unnest(CAST(:ids AS uuid[])) AS given (id)
ORDER BY id
ON CONFLICT DO NOTHING
