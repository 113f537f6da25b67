ALTER TABLE ledger.artifacts
    DROP COLUMN IF EXISTS file_size,
    DROP COLUMN IF EXISTS content_type,
    DROP COLUMN IF EXISTS checksum;
