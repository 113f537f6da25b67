-- Events a rule refused, kept whole with the reason, to be looked at and driven again after a fix.
-- raw is text because jsonb refuses some of what is wrong with them (NUL, lone surrogates, not JSON at all).
-- game_id is text without a foreign key because the game may not exist. id is a digest of the event, so the same
-- event sent again changes nothing.
CREATE TABLE factory.quarantined_events (
    id uuid PRIMARY KEY,
    raw text NOT NULL,
    reason varchar(50) NOT NULL,
    field varchar(100),
    game_id text,
    received_at timestamptz NOT NULL DEFAULT now(),
    source varchar(255) NOT NULL
);

CREATE INDEX idx_quarantined_events_reason ON factory.quarantined_events(reason, received_at);
CREATE INDEX idx_quarantined_events_received ON factory.quarantined_events(received_at);
