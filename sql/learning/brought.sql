-- What each address brought to the games made here, of each kind that is learned from: the :most that brought most
-- trials or successes of a kind, and with every row what everybody brought and by how many (an address is one, and so
-- is a player without one). Of the days that learning reads (games_played.sql).
-- Reads player_days, players and collector_players whole.
WITH limits AS (
    SELECT
        games.id AS game_id,
        least((now() AT TIME ZONE 'UTC')::date, frozen_games.since) AS before
    FROM factory.games
    LEFT JOIN factory.frozen_games ON frozen_games.game_id = games.id
    WHERE NOT games.external
),
strangers AS (
    SELECT game_id, user_id, origin, CAST(since AT TIME ZONE 'UTC' AS date) AS since
    FROM factory.collector_players
),
-- what somebody did before the collector believed them was brought by files, which have no origin
did AS (
    SELECT
        player_days.game_id,
        player_days.user_id,
        origin,
        levels_completed AS completed,
        levels_completed + CAST(levels_failed AS bigint) AS attempts,
        ad_impressions AS ads,
        ad_prompts AS prompts,
        0 AS installs,
        0 AS returned,
        0 AS cohort
    FROM limits
    JOIN factory.player_days USING (game_id)
    LEFT JOIN strangers
        ON strangers.game_id = player_days.game_id
        AND strangers.user_id = player_days.user_id
        AND strangers.since <= player_days.date
    WHERE player_days.date < before
    UNION ALL
    SELECT
        players.game_id, players.user_id, origin, 0, 0, 0, 0,
        CASE WHEN players.first_date < before THEN 1 ELSE 0 END,
        0,
        CASE WHEN rollup_days.date IS NOT NULL THEN 1 ELSE 0 END
    FROM limits
    JOIN factory.players USING (game_id)
    LEFT JOIN factory.rollup_days
        ON rollup_days.date = players.first_date + 7
        AND rollup_days.date < before
        AND rollup_days.game_metrics_at IS NOT NULL
    LEFT JOIN strangers
        ON strangers.game_id = players.game_id
        AND strangers.user_id = players.user_id
        AND strangers.since <= players.first_date
    UNION ALL
    SELECT players.game_id, players.user_id, origin, 0, 0, 0, 0, 0, 1, 0
    FROM limits
    JOIN factory.players USING (game_id)
    JOIN factory.player_days
        ON player_days.date = players.first_date + 7
        AND player_days.game_id = players.game_id
        AND player_days.user_id = players.user_id
    LEFT JOIN strangers
        ON strangers.game_id = players.game_id
        AND strangers.user_id = players.user_id
        AND strangers.since <= player_days.date
    WHERE player_days.date < before
),
brought AS (
    SELECT
        game_id,
        origin,
        -- a player without an address is one of their own; nobody's events are one address's
        CASE WHEN origin IS NULL THEN user_id END AS alone,
        sum(completed) AS completed,
        sum(attempts) AS attempts,
        least(sum(ads), sum(prompts)) AS ads,
        sum(ads) - least(sum(ads), sum(prompts)) AS ads_without,
        sum(prompts) AS prompts,
        sum(installs) AS installs,
        -- who had come by a file before may return from an address, but not all of them from one
        least(sum(returned), greatest(sum(cohort), 1)) AS returned,
        sum(returned) - least(sum(returned), greatest(sum(cohort), 1)) AS returned_without,
        sum(cohort) AS cohort
    FROM did
    GROUP BY 1, 2, 3
),
kinds AS (
    SELECT game_id, alone IS NOT NULL AS whole, kind, successes, trials, without
    FROM brought
    CROSS JOIN LATERAL (
        VALUES
            ('installs', 0, installs, 0),
            ('d7', returned, cohort, returned_without),
            ('levels', completed, attempts, 0),
            ('ads', ads, prompts, ads_without)
    ) AS counted (kind, successes, trials, without)
),
ranked AS (
    SELECT
        kinds.*,
        sum(successes) OVER everybody AS all_successes,
        sum(trials) OVER everybody AS all_trials,
        sum(successes) FILTER (WHERE NOT whole) OVER everybody AS address_successes,
        sum(trials) FILTER (WHERE NOT whole) OVER everybody AS address_trials,
        sum(without) FILTER (WHERE NOT whole) OVER everybody AS address_without,
        count(*) OVER everybody AS sources,
        count(*) FILTER (WHERE successes > 0) OVER everybody AS with_successes,
        count(*) FILTER (WHERE trials > 0) OVER everybody AS with_trials,
        row_number() OVER (PARTITION BY game_id, kind, whole ORDER BY trials DESC) AS place_by_trials,
        row_number() OVER (PARTITION BY game_id, kind, whole ORDER BY successes DESC) AS place_by_successes
    FROM kinds
    WINDOW everybody AS (PARTITION BY game_id, kind)
)
SELECT
    game_id, kind, successes, trials, all_successes, all_trials, address_successes, address_trials,
    address_without, sources, with_successes, with_trials
FROM ranked
WHERE NOT whole AND least(place_by_trials, place_by_successes) <= :most
ORDER BY game_id, kind
