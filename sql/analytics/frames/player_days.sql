-- player_days of the days from :first_day to :last_day; by unique_player_day, which begins with the date.
-- user_id NULL is everybody who gave none. Money is kept as numeric and is whole: bigint holds any sum there is.
SELECT
    date, game_id, user_id, events, sessions, CAST(session_micros / 1000000.0 AS double precision) AS session_seconds,
    levels_completed, levels_failed, ad_prompts, ad_impressions,
    CAST(ad_revenue_micros AS bigint) AS ad_revenue_micros, CAST(iap_revenue_cents AS bigint) AS iap_revenue_cents
FROM factory.player_days
WHERE date BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
ORDER BY date, game_id, user_id
