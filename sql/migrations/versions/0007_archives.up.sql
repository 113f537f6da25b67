-- Months of events that were written to the artifact store and detached. Their days are never computed again from
-- analytics_events, which no longer holds them. Events that come in for such a month later become a further part.
CREATE TABLE factory.event_archives (
    month date NOT NULL,
    part integer NOT NULL,
    url text NOT NULL,
    events bigint NOT NULL,
    size_bytes bigint NOT NULL,
    checksum text NOT NULL,
    archived_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (month, part),
    CONSTRAINT first_of_month CHECK (month = date_trunc('month', month::timestamp)::date)
);
