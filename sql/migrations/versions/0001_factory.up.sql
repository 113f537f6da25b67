-- The factory's data model, document 001 as it stands, in schema factory.

CREATE SCHEMA factory;

-- For other tools: ours say themselves what they search. Only the database's owner may.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = factory, public', current_database());
EXCEPTION WHEN insufficient_privilege THEN NULL;
END
$$;

CREATE TABLE factory.batches (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL,
    status VARCHAR(50) NOT NULL DEFAULT 'pending',
    game_count INTEGER NOT NULL DEFAULT 10,
    genre_mix JSONB NOT NULL DEFAULT '[]',
    constraints JSONB DEFAULT '{}',
    created_at timestamptz DEFAULT NOW(),
    started_at timestamptz,
    completed_at timestamptz,

    CONSTRAINT valid_status CHECK (status IN (
        'pending', 'running', 'completed', 'failed', 'cancelled'
    ))
);

CREATE TABLE factory.games (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    batch_id UUID REFERENCES factory.batches(id) ON DELETE CASCADE,
    name VARCHAR(255) NOT NULL,
    slug VARCHAR(255) NOT NULL UNIQUE,
    genre VARCHAR(100) NOT NULL,
    status VARCHAR(50) NOT NULL DEFAULT 'created',
    current_step INTEGER NOT NULL DEFAULT 0,
    github_repo VARCHAR(255),
    github_repo_url VARCHAR(500),
    gdd_spec JSONB DEFAULT '{}',
    analytics_spec JSONB DEFAULT '{}',
    selected_mechanics JSONB DEFAULT '[]',
    selected_template VARCHAR(255),
    created_at timestamptz DEFAULT NOW(),
    updated_at timestamptz DEFAULT NOW(),
    published_at timestamptz,

    CONSTRAINT valid_status CHECK (status IN (
        'created', 'in_progress', 'completed', 'failed', 'cancelled', 'published'
    )),
    CONSTRAINT valid_step CHECK (current_step >= 0 AND current_step <= 12)
);

CREATE INDEX idx_games_batch_id ON factory.games(batch_id);
CREATE INDEX idx_games_status ON factory.games(status);
CREATE INDEX idx_games_genre ON factory.games(genre);

CREATE TABLE factory.game_steps (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    game_id UUID NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    step_number INTEGER NOT NULL,
    step_name VARCHAR(100) NOT NULL,
    status VARCHAR(50) NOT NULL DEFAULT 'pending',
    started_at timestamptz,
    completed_at timestamptz,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries INTEGER NOT NULL DEFAULT 3,
    error_message TEXT,
    artifacts JSONB DEFAULT '{}',
    validation_results JSONB DEFAULT '{}',
    logs TEXT,

    CONSTRAINT valid_status CHECK (status IN (
        'pending', 'running', 'completed', 'failed', 'skipped'
    )),
    CONSTRAINT unique_game_step UNIQUE (game_id, step_number)
);

CREATE INDEX idx_game_steps_game_id ON factory.game_steps(game_id);
CREATE INDEX idx_game_steps_status ON factory.game_steps(status);

CREATE TABLE factory.mechanics (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    name VARCHAR(255) NOT NULL UNIQUE,
    source_url VARCHAR(500) NOT NULL,
    flame_example VARCHAR(255),
    genre_tags JSONB NOT NULL DEFAULT '[]',
    input_model VARCHAR(100) NOT NULL,
    complexity INTEGER NOT NULL DEFAULT 1,
    description TEXT,
    code_snippet TEXT,
    compatible_with_ads BOOLEAN DEFAULT true,
    compatible_with_levels BOOLEAN DEFAULT true,
    is_active BOOLEAN DEFAULT true,
    created_at timestamptz DEFAULT NOW(),

    CONSTRAINT valid_complexity CHECK (complexity >= 1 AND complexity <= 5),
    CONSTRAINT valid_input_model CHECK (input_model IN (
        'tap', 'drag', 'joystick', 'tilt', 'swipe', 'multi_touch'
    ))
);

CREATE INDEX idx_mechanics_genre_tags ON factory.mechanics USING GIN(genre_tags);
CREATE INDEX idx_mechanics_active ON factory.mechanics(is_active) WHERE is_active = true;

CREATE TABLE factory.game_assets (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    game_id UUID NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    asset_type VARCHAR(100) NOT NULL,
    filename VARCHAR(255) NOT NULL,
    storage_url VARCHAR(500),
    local_path VARCHAR(500),
    ai_prompt TEXT,
    ai_model VARCHAR(100),
    width INTEGER,
    height INTEGER,
    format VARCHAR(50),
    metadata JSONB DEFAULT '{}',
    created_at timestamptz DEFAULT NOW(),

    CONSTRAINT valid_asset_type CHECK (asset_type IN (
        'sprite', 'background', 'ui_element', 'particle',
        'sound_effect', 'music', 'icon', 'splash'
    ))
);

CREATE INDEX idx_game_assets_game_id ON factory.game_assets(game_id);
CREATE INDEX idx_game_assets_type ON factory.game_assets(asset_type);

CREATE TABLE factory.game_builds (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    game_id UUID NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    build_number INTEGER NOT NULL,
    status VARCHAR(50) NOT NULL DEFAULT 'pending',
    platform VARCHAR(50) NOT NULL DEFAULT 'android',
    build_type VARCHAR(50) NOT NULL DEFAULT 'debug',
    artifact_url VARCHAR(500),
    logs_url VARCHAR(500),
    github_run_id BIGINT,
    github_workflow VARCHAR(255),
    version_name VARCHAR(50),
    version_code INTEGER,
    file_size_bytes BIGINT,
    started_at timestamptz,
    completed_at timestamptz,
    created_at timestamptz DEFAULT NOW(),

    CONSTRAINT valid_status CHECK (status IN (
        'pending', 'running', 'success', 'failure', 'cancelled'
    )),
    CONSTRAINT valid_platform CHECK (platform IN ('android', 'ios', 'web')),
    CONSTRAINT valid_build_type CHECK (build_type IN ('debug', 'profile', 'release'))
);

CREATE INDEX idx_game_builds_game_id ON factory.game_builds(game_id);
CREATE INDEX idx_game_builds_status ON factory.game_builds(status);

-- The document asks for partitions by month. PostgreSQL wants the partition key in every unique key, so the
-- primary key is (id, timestamp) instead of (id): a redelivered event keeps both, so it still arrives once.
-- There is no default partition: a row in it would block making its month's partition later. A row without a
-- partition is refused instead, and whoever inserts calls ensure_events_partition first.
CREATE TABLE factory.analytics_events (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    game_id UUID NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    event_type VARCHAR(100) NOT NULL,
    user_id VARCHAR(255),
    session_id VARCHAR(255),
    level INTEGER,
    properties JSONB DEFAULT '{}',
    device_info JSONB DEFAULT '{}',
    timestamp timestamptz NOT NULL,
    received_at timestamptz DEFAULT NOW(),

    PRIMARY KEY (id, timestamp),
    CONSTRAINT valid_event_type CHECK (event_type IN (
        'game_start', 'level_start', 'level_complete', 'level_fail',
        'unlock_prompt_shown', 'rewarded_ad_started', 'rewarded_ad_completed',
        'rewarded_ad_failed', 'level_unlocked', 'iap_initiated', 'iap_completed'
    ))
) PARTITION BY RANGE (timestamp);

CREATE INDEX idx_analytics_events_game_id ON factory.analytics_events(game_id);
CREATE INDEX idx_analytics_events_type ON factory.analytics_events(event_type);
CREATE INDEX idx_analytics_events_timestamp ON factory.analytics_events(timestamp);

CREATE TABLE factory.game_metrics (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    game_id UUID NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    date DATE NOT NULL,
    installs INTEGER DEFAULT 0,
    dau INTEGER DEFAULT 0,
    sessions INTEGER DEFAULT 0,
    avg_session_duration_seconds INTEGER DEFAULT 0,
    retention_d1 DECIMAL(5,4) DEFAULT 0,
    retention_d7 DECIMAL(5,4) DEFAULT 0,
    retention_d30 DECIMAL(5,4) DEFAULT 0,
    levels_completed INTEGER DEFAULT 0,
    levels_failed INTEGER DEFAULT 0,
    ad_impressions INTEGER DEFAULT 0,
    ad_revenue_cents INTEGER DEFAULT 0,
    iap_revenue_cents INTEGER DEFAULT 0,
    score DECIMAL(10,4) DEFAULT 0,
    created_at timestamptz DEFAULT NOW(),

    CONSTRAINT unique_game_date UNIQUE (game_id, date)
);

CREATE INDEX idx_game_metrics_game_id ON factory.game_metrics(game_id);
CREATE INDEX idx_game_metrics_date ON factory.game_metrics(date);
CREATE INDEX idx_game_metrics_score ON factory.game_metrics(score DESC);

CREATE TABLE factory.learning_weights (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    mechanic_id UUID NOT NULL REFERENCES factory.mechanics(id) ON DELETE CASCADE,
    genre VARCHAR(100) NOT NULL,
    weight DECIMAL(5,4) NOT NULL DEFAULT 1.0,
    sample_count INTEGER NOT NULL DEFAULT 0,
    avg_retention_d7 DECIMAL(5,4) DEFAULT 0,
    avg_completion_rate DECIMAL(5,4) DEFAULT 0,
    avg_ad_opt_in_rate DECIMAL(5,4) DEFAULT 0,
    last_updated timestamptz DEFAULT NOW(),

    CONSTRAINT unique_mechanic_genre UNIQUE (mechanic_id, genre),
    CONSTRAINT valid_weight CHECK (weight >= 0 AND weight <= 10)
);

CREATE INDEX idx_learning_weights_mechanic ON factory.learning_weights(mechanic_id);
CREATE INDEX idx_learning_weights_genre ON factory.learning_weights(genre);

CREATE TABLE factory.generation_logs (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    batch_id UUID REFERENCES factory.batches(id) ON DELETE SET NULL,
    game_id UUID REFERENCES factory.games(id) ON DELETE SET NULL,
    step_number INTEGER,
    log_level VARCHAR(20) NOT NULL DEFAULT 'info',
    log_type VARCHAR(100) NOT NULL,
    message TEXT NOT NULL,
    metadata JSONB DEFAULT '{}',
    created_at timestamptz DEFAULT NOW(),

    CONSTRAINT valid_log_level CHECK (log_level IN (
        'debug', 'info', 'warning', 'error', 'critical'
    ))
);

CREATE INDEX idx_generation_logs_batch ON factory.generation_logs(batch_id);
CREATE INDEX idx_generation_logs_game ON factory.generation_logs(game_id);
CREATE INDEX idx_generation_logs_created ON factory.generation_logs(created_at);

-- Composite indexes for common queries
CREATE INDEX idx_games_batch_status ON factory.games(batch_id, status);
CREATE INDEX idx_game_steps_status_step ON factory.game_steps(status, step_number);
CREATE INDEX idx_analytics_game_type_time ON factory.analytics_events(game_id, event_type, timestamp);
CREATE INDEX idx_metrics_game_date_score ON factory.game_metrics(game_id, date DESC, score DESC);

-- Partial indexes
CREATE INDEX idx_games_active ON factory.games(status) WHERE status NOT IN ('cancelled', 'failed');
CREATE INDEX idx_steps_pending ON factory.game_steps(game_id, step_number) WHERE status = 'pending';

-- Make the partition for the UTC month that holds `moment`; returns its name. Safe to call at any time, by many
-- at once. Making one locks games against writes until the transaction ends, so call it in one of its own.
CREATE FUNCTION factory.ensure_events_partition(moment timestamptz) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
    first_day timestamptz := date_trunc('month', moment);
    partition text := 'analytics_events_' || to_char(moment, 'YYYY_MM');
BEGIN
    IF moment IS NULL OR moment < '2000-01-01' OR moment >= '2200-01-01' THEN
        RAISE EXCEPTION 'no partition for %: expected a moment from 2000 to 2199', moment
            USING ERRCODE = 'datetime_field_overflow';
    END IF;
    IF to_regclass('factory.' || partition) IS NOT NULL THEN
        RETURN partition;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('factory.ensure_events_partition', 0));
    -- After the wait to_regclass would still answer from this session's cache; pg_class tells the truth.
    IF NOT EXISTS (
        SELECT FROM pg_class WHERE relname = partition AND relnamespace = 'factory'::regnamespace
    ) THEN
        EXECUTE format(
            'CREATE TABLE factory.%I PARTITION OF factory.analytics_events FOR VALUES FROM (%L) TO (%L)',
            partition, first_day, first_day + interval '1 month'
        );
    END IF;
    RETURN partition;
END
$$;

SELECT factory.ensure_events_partition(now());
SELECT factory.ensure_events_partition(now() + interval '1 month');
