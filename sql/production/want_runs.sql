-- Games to ask runs for: created, not asked for yet, of a batch at work (or of none), oldest batch first.
-- The locked rows are skipped, so two daemons never mark the same game; the mark is what recovery looks at.
WITH next AS (
    SELECT games.id
    FROM factory.games
    LEFT JOIN factory.batches ON batches.id = games.batch_id
    WHERE games.status = 'created'
      AND games.requested_at IS NULL
      AND games.seed IS NOT NULL
      AND (games.batch_id IS NULL OR batches.status = 'running')
    ORDER BY batches.created_at NULLS FIRST, games.batch_position, games.id
    LIMIT :limit
    FOR UPDATE OF games SKIP LOCKED
),
marked AS (
    UPDATE factory.games
    SET requested_at = clock_timestamp()
    FROM next
    WHERE games.id = next.id
    RETURNING games.id, games.attempt, games.batch_id, games.genre, games.batch_position
)
SELECT id, attempt, batch_id, genre FROM marked ORDER BY batch_id, batch_position
