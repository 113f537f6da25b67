-- Prompts in the order of their ids, after one.
SELECT id, category, context, prompt_text, created_at, updated_at
FROM ledger.prompts
WHERE id > :after
    AND starts_with(id, :prefix)
    AND (CAST(:category AS text) IS NULL OR category = :category)
    AND (CAST(:context AS text) IS NULL OR context = :context)
ORDER BY id
LIMIT :limit
