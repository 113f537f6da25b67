-- Games whose events are taken in though they were made elsewhere: the factory neither makes nor shows them.
ALTER TABLE factory.games ADD COLUMN external boolean NOT NULL DEFAULT false;

-- Files seen in the landing zone. The fingerprint changes when a file's content does, so a file is taken in once
-- and a changed one again.
CREATE TABLE factory.landed_files (
    url text NOT NULL,
    fingerprint text NOT NULL,
    size_bytes bigint NOT NULL,
    status varchar(50) NOT NULL DEFAULT 'pending',
    attempt integer NOT NULL DEFAULT 0,
    requested_at timestamptz,
    stored bigint,
    duplicate bigint,
    quarantined bigint,
    error_message text,
    found_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    PRIMARY KEY (url, fingerprint),
    CONSTRAINT valid_status CHECK (status IN ('pending', 'running', 'completed', 'failed'))
);

CREATE INDEX idx_landed_files_open ON factory.landed_files(found_at) WHERE status IN ('pending', 'running');
