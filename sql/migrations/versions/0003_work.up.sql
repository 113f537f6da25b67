-- What carrying out the work needs beside document 001: order, seeds, leases, requests, checksums.

ALTER TABLE factory.batches
    ADD COLUMN seed bigint,
    ADD COLUMN error_message text,
    ADD COLUMN cancel_requested_at timestamptz;

-- The default of write_key is volatile: every row, old or new, gets its own.
ALTER TABLE factory.games
    ADD COLUMN batch_position integer,
    ADD COLUMN seed bigint,
    ADD COLUMN theme text,
    ADD COLUMN style text,
    ADD COLUMN attempt integer NOT NULL DEFAULT 1,
    ADD COLUMN lease_owner text,
    ADD COLUMN lease_epoch bigint NOT NULL DEFAULT 0,
    ADD COLUMN lease_expires_at timestamptz,
    ADD COLUMN requested_at timestamptz,
    ADD COLUMN error_message text,
    ADD COLUMN write_key text NOT NULL DEFAULT replace(gen_random_uuid()::text, '-', ''),
    ADD COLUMN play_url text,
    ADD CONSTRAINT unique_batch_position UNIQUE (batch_id, batch_position);

ALTER TABLE factory.game_assets
    ADD COLUMN checksum text,
    ADD COLUMN size_bytes bigint,
    ADD CONSTRAINT unique_game_asset UNIQUE (game_id, filename);

ALTER TABLE factory.game_builds
    ADD COLUMN checksum text,
    ADD CONSTRAINT unique_game_build UNIQUE (game_id, build_number, platform);

-- What the sensor asks for every few seconds. lease_expires_at is in no index on purpose: a heartbeat then
-- changes no indexed column and stays a cheap in-page update; the games at work are found by idx_games_status.
CREATE INDEX idx_batches_open ON factory.batches(status, created_at) WHERE status IN ('pending', 'running');
CREATE INDEX idx_games_to_request ON factory.games(batch_id, batch_position)
    WHERE status = 'created' AND requested_at IS NULL;
CREATE INDEX idx_games_requested ON factory.games(requested_at)
    WHERE status = 'created' AND requested_at IS NOT NULL;
CREATE INDEX idx_games_cancelled_held ON factory.games(id)
    WHERE status = 'cancelled' AND (requested_at IS NOT NULL OR lease_owner IS NOT NULL);

CREATE FUNCTION factory.touch_updated_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

CREATE TRIGGER touch_updated_at BEFORE UPDATE ON factory.games
    FOR EACH ROW EXECUTE FUNCTION factory.touch_updated_at();
