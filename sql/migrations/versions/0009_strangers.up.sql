-- What the collector remembers of strangers, so that what they may bring is bounded, and the games that learning is
-- careful with.

-- Addresses are kept as an HMAC under this key and a game's id. It is in a table of its own: whoever reads the claims
-- alone cannot try out addresses. gen_random_uuid is PostgreSQL's strong random generator.
CREATE TABLE factory.collector_key (
    only_one boolean PRIMARY KEY DEFAULT true,
    key bytea NOT NULL,
    CONSTRAINT only_one CHECK (only_one)
);

INSERT INTO factory.collector_key (key)
VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- What one address brought for a game on a UTC day of receipt. origin stands for the address in collector_players and
-- is the same on all its days; once these rows are deleted nothing leads from it to the address. The primary key begins
-- with the game and the address, by which the newest origin is found.
CREATE TABLE factory.collector_claims (
    game_id uuid NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    address bytea NOT NULL,
    received_on date NOT NULL,
    origin uuid NOT NULL,
    events bigint NOT NULL DEFAULT 0,
    players bigint NOT NULL DEFAULT 0,
    anonymous_cents bigint NOT NULL DEFAULT 0,
    implausible bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (game_id, address, received_on)
);

-- What old rows are found by.
CREATE INDEX idx_collector_claims_received ON factory.collector_claims(received_on);

-- Players the collector has heard of: since when play of theirs is believed and from where they first came, and what
-- they did on the last UTC day of receipt.
CREATE TABLE factory.collector_players (
    game_id uuid NOT NULL REFERENCES factory.games(id) ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    origin uuid NOT NULL,
    received_on date NOT NULL,
    events bigint NOT NULL,
    cents bigint NOT NULL,
    PRIMARY KEY (game_id, user_id)
);

-- Up to which day of receipt a person said that a game is to be learned from, whatever was implausible.
ALTER TABLE factory.games ADD COLUMN trusted_until date;

-- Games of which more was implausible than stored on some day the collector received, and the first such day that
-- nobody has looked at: what happened since then is not learned from. A few events are no flood.
CREATE VIEW factory.frozen_games AS
SELECT game_id, min(received_on) AS since, CAST(sum(implausible) AS bigint) AS implausible
FROM (
    SELECT game_id, received_on, sum(events) AS events, sum(implausible) AS implausible
    FROM factory.collector_claims
    GROUP BY game_id, received_on
) AS days
JOIN factory.games ON games.id = game_id
WHERE implausible > events AND implausible >= 100 AND (trusted_until IS NULL OR received_on > trusted_until)
GROUP BY game_id;
