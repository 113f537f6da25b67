-- What each address brought to the games made here, of each kind that is learned from: the :most that brought most
-- trials or successes of a kind, and with every row what everybody brought and by how many (an address is one, and so
-- is a player without one). Of the days that learning reads (games_played.sql).
-- Reads every row of player_days, players and collector_players once; who returned is found in player_days again.
WITH limits AS (
    SELECT
        games.id AS game_id,
        least((now() AT TIME ZONE 'UTC')::date, frozen_games.since) AS before
    FROM factory.games
    LEFT JOIN factory.frozen_games ON frozen_games.game_id = games.id
    WHERE NOT games.external
),
played AS (
    SELECT
        player_days.game_id,
        user_id,
        sum(levels_completed) AS completed,
        sum(levels_completed + CAST(levels_failed AS bigint)) AS attempts,
        sum(ad_impressions) AS ads,
        sum(ad_prompts) AS prompts,
        0 AS installs,
        0 AS returned,
        0 AS cohort
    FROM limits
    JOIN factory.player_days USING (game_id)
    WHERE player_days.date < before
    GROUP BY player_days.game_id, user_id
    UNION ALL
    SELECT
        players.game_id, players.user_id, 0, 0, 0, 0,
        CASE WHEN players.first_date < before THEN 1 ELSE 0 END,
        CASE WHEN rollup_days.date IS NOT NULL AND back.user_id IS NOT NULL THEN 1 ELSE 0 END,
        CASE WHEN rollup_days.date IS NOT NULL THEN 1 ELSE 0 END
    FROM limits
    JOIN factory.players USING (game_id)
    LEFT JOIN factory.rollup_days
        ON rollup_days.date = players.first_date + 7
        AND rollup_days.date < before
        AND rollup_days.game_metrics_at IS NOT NULL
    LEFT JOIN factory.player_days AS back
        ON back.date = players.first_date + 7
        AND back.game_id = players.game_id
        AND back.user_id = players.user_id
),
brought AS (
    SELECT
        played.game_id,
        origin,
        -- a player without an address is one of their own; nobody's events are one address's
        CASE WHEN origin IS NULL THEN played.user_id END AS alone,
        sum(completed) AS completed,
        sum(attempts) AS attempts,
        least(sum(ads), sum(prompts)) AS ads,
        sum(ads) - least(sum(ads), sum(prompts)) AS ads_without,
        sum(prompts) AS prompts,
        sum(installs) AS installs,
        sum(returned) AS returned,
        sum(cohort) AS cohort
    FROM played
    LEFT JOIN factory.collector_players
        ON collector_players.game_id = played.game_id AND collector_players.user_id = played.user_id
    GROUP BY 1, 2, 3
),
kinds AS (
    SELECT game_id, alone IS NOT NULL AS whole, kind, successes, trials, without
    FROM brought
    CROSS JOIN LATERAL (
        VALUES
            ('installs', 0, installs, 0),
            ('d7', returned, cohort, 0),
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
