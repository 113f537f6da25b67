-- Which of :ids are games. The lock keeps them from being deleted before the events that name them are in;
-- the foreign key would take the same lock a moment later, and fail the whole statement.
SELECT id
FROM factory.games
WHERE id = ANY (CAST(:ids AS uuid[]))
ORDER BY id
FOR KEY SHARE
