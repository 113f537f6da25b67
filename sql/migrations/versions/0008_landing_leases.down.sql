UPDATE factory.landed_files SET attempt = attempt - 1 WHERE status = 'pending';
ALTER TABLE factory.landed_files
    DROP COLUMN lease_owner,
    DROP COLUMN lease_epoch,
    DROP COLUMN lease_expires_at,
    ALTER COLUMN attempt SET DEFAULT 0;
