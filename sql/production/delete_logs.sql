-- The oldest lines of generation_logs from before :before, at most :limit of them. Reads idx_generation_logs_created.
DELETE FROM factory.generation_logs
WHERE id IN (
    SELECT id
    FROM factory.generation_logs
    WHERE created_at < :before
    ORDER BY created_at
    LIMIT :limit
)
