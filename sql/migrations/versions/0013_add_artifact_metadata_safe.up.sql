-- Document 002, 20241201000006: what a file was when it was made. Safe to run again.

ALTER TABLE ledger.artifacts
    ADD COLUMN IF NOT EXISTS file_size bigint,
    ADD COLUMN IF NOT EXISTS content_type text,
    ADD COLUMN IF NOT EXISTS checksum text;

GRANT INSERT (file_size, content_type, checksum) ON ledger.artifacts TO authenticated;
