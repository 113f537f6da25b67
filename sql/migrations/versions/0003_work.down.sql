DROP TRIGGER touch_updated_at ON factory.games;
DROP FUNCTION factory.touch_updated_at();

DROP INDEX factory.idx_games_cancelled_held;
DROP INDEX factory.idx_games_requested;
DROP INDEX factory.idx_games_to_request;
DROP INDEX factory.idx_batches_open;

ALTER TABLE factory.game_builds
    DROP CONSTRAINT unique_game_build,
    DROP COLUMN checksum;

ALTER TABLE factory.game_assets
    DROP CONSTRAINT unique_game_asset,
    DROP COLUMN size_bytes,
    DROP COLUMN checksum;

ALTER TABLE factory.games
    DROP CONSTRAINT unique_batch_position,
    DROP COLUMN play_url,
    DROP COLUMN write_key,
    DROP COLUMN error_message,
    DROP COLUMN requested_at,
    DROP COLUMN lease_expires_at,
    DROP COLUMN lease_epoch,
    DROP COLUMN lease_owner,
    DROP COLUMN attempt,
    DROP COLUMN style,
    DROP COLUMN theme,
    DROP COLUMN seed,
    DROP COLUMN batch_position;

ALTER TABLE factory.batches
    DROP COLUMN cancel_requested_at,
    DROP COLUMN error_message,
    DROP COLUMN seed;
