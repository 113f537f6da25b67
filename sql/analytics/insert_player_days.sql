-- Store the rows of select_player_days for :day and tell how many players and events there are. The day's old rows are
-- gone by now. In the order of unique_player_day, so that its pages are filled one after another.
-- The lock on the games does what a foreign key would: it keeps them from being deleted before these rows are in, and
-- leaves out those that were deleted since their events were read.
WITH fresh AS (
    {select_player_days}
),
kept AS (
    SELECT id
    FROM factory.games
    WHERE id IN (SELECT game_id FROM fresh)
    ORDER BY id
    FOR KEY SHARE
),
stored AS (
    INSERT INTO factory.player_days (
        date, game_id, user_id, events, sessions, session_micros, levels_completed, levels_failed,
        ad_prompts, ad_impressions, ad_revenue_micros, iap_revenue_cents
    )
    SELECT
        CAST(:day AS date), game_id, user_id, events, sessions, session_micros, levels_completed, levels_failed,
        ad_prompts, ad_impressions, ad_revenue_micros, iap_revenue_cents
    FROM fresh
    JOIN kept ON kept.id = game_id
    ORDER BY game_id, user_id
    RETURNING user_id, events
)
SELECT count(user_id) AS players, CAST(coalesce(sum(events), 0) AS bigint) AS events
FROM stored
