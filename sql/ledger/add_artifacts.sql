-- What a run that has not ended made, in its order.
INSERT INTO ledger.artifacts (run_id, owner_id, kind, url, meta, file_size, content_type, checksum, created_at)
SELECT
    jobs.run_id,
    jobs.owner_id,
    made ->> 'kind',
    made ->> 'url',
    made -> 'meta',
    CAST(made ->> 'file_size' AS bigint),
    made ->> 'content_type',
    made ->> 'checksum',
    clock_timestamp() + place * interval '1 microsecond'
FROM jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS given (made, place)
JOIN ledger.jobs ON jobs.run_id = :run AND jobs.status IN ('pending', 'running')
ORDER BY place
