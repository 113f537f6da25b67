-- Events of a run that has not ended, in their order: each is a microsecond later than the one before, at the least.
INSERT INTO ledger.job_events (run_id, owner_id, bot_name, event_type, payload, created_at)
SELECT
    jobs.run_id,
    jobs.owner_id,
    event ->> 'bot_name',
    event ->> 'event_type',
    event -> 'payload',
    clock_timestamp() + place * interval '1 microsecond'
FROM jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS given (event, place)
JOIN ledger.jobs ON jobs.run_id = :run AND jobs.status IN ('pending', 'running')
ORDER BY place
