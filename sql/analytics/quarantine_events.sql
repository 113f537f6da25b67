-- Events kept whole because a rule refused them. The id is a digest of the event, so redelivery changes nothing.
-- In the order of the primary key, so that two writers with the same events do not deadlock.
INSERT INTO factory.quarantined_events (id, raw, reason, field, game_id, received_at, source)
SELECT id, raw, reason, field, game_id, CAST(:received_at AS timestamptz), :source
FROM unnest(
    CAST(:id AS uuid[]), CAST(:raw AS text[]), CAST(:reason AS text[]), CAST(:field AS text[]),
    CAST(:game_id AS text[])
) AS event (id, raw, reason, field, game_id)
ORDER BY id
ON CONFLICT (id) DO NOTHING
