-- The prompts under an id are those given: what is not among them goes, what differs is written, in the order of ids, so
-- that two who do this do not wait for each other in a circle. Gives the number of rows touched.
WITH given AS (
    SELECT *
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (id text, category text, context text, prompt_text text)
),
gone AS (
    DELETE FROM ledger.prompts
    WHERE starts_with(id, :under) AND NOT EXISTS (SELECT FROM given WHERE given.id = prompts.id)
    RETURNING 1
),
written AS (
    INSERT INTO ledger.prompts (id, category, context, prompt_text)
    SELECT given.* FROM given
    LEFT JOIN ledger.prompts AS old USING (id)
    WHERE (given.category, given.context, given.prompt_text)
        IS DISTINCT FROM (old.category, old.context, old.prompt_text)
    ORDER BY given.id
    ON CONFLICT (id) DO UPDATE SET
        category = excluded.category,
        context = excluded.context,
        prompt_text = excluded.prompt_text,
        updated_at = now()
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
