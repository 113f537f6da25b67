-- Files of the landing zone are held by leases, as games are, and their attempt is the one wanted or at work.
ALTER TABLE factory.landed_files
    ADD COLUMN lease_owner text,
    ADD COLUMN lease_epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN lease_expires_at timestamptz,
    ALTER COLUMN attempt SET DEFAULT 1;

-- What counted the attempts that were begun now counts from the one to come.
UPDATE factory.landed_files SET attempt = attempt + 1, requested_at = NULL WHERE status = 'pending';

-- Whoever is at work holds a lock of the version before, which nobody looks at any more: it is found silent.
UPDATE factory.landed_files SET lease_owner = 'before', lease_expires_at = now() WHERE status = 'running';
