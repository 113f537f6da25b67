-- Rows that are gone and not yet cleared away: of background jobs and of the queues' tables.
SELECT schemaname || '.' || relname AS name, n_dead_tup AS dead
FROM pg_stat_user_tables
WHERE (schemaname = 'public' AND relname = 'jobs')
    OR (schemaname = 'pgmq' AND relname IN (
        SELECT kind || :queue || suffix
        FROM unnest(ARRAY['q_', 'a_']) AS kind CROSS JOIN unnest(ARRAY['', '_high', '_low', '_dead']) AS suffix
    ))
ORDER BY dead DESC, name
