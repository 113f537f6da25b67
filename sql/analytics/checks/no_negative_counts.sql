-- Counters of player_days below zero. Reads the days by unique_player_day; least() keeps sound rows from being
-- spread out.
SELECT
    games.slug AS game, player_days.date,
    format('%s of player %L is %s', counter.name, player_days.user_id, counter.value) AS fault
FROM factory.player_days
JOIN factory.games ON games.id = player_days.game_id
CROSS JOIN LATERAL (
    VALUES
        ('events', events::numeric), ('sessions', sessions), ('session_micros', session_micros),
        ('levels_completed', levels_completed), ('levels_failed', levels_failed), ('ad_prompts', ad_prompts),
        ('ad_impressions', ad_impressions), ('ad_revenue_micros', ad_revenue_micros),
        ('iap_revenue_cents', iap_revenue_cents)
) AS counter (name, value)
WHERE player_days.date BETWEEN :first AND :last
  AND least(
      events, sessions, session_micros, levels_completed, levels_failed, ad_prompts, ad_impressions,
      ad_revenue_micros, iap_revenue_cents
  ) < 0
  AND counter.value < 0
