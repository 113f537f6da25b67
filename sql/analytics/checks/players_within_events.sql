-- More installs than active players, or more active players or sessions than events. Reads the days by
-- idx_metrics_date and unique_player_day. A day marked stale is about to be computed again and left out.
SELECT
    games.slug AS game, game_metrics.date,
    format('%s %s of only %s %s', few.more, few.name, few.less, few.limit_name) AS fault
FROM factory.game_metrics
JOIN factory.games ON games.id = game_metrics.game_id
JOIN factory.rollup_days ON rollup_days.date = game_metrics.date AND rollup_days.stale_since IS NULL
LEFT JOIN (
    SELECT game_id, date, sum(events) AS events
    FROM factory.player_days
    WHERE date BETWEEN :first AND :last
    GROUP BY game_id, date
) AS active ON active.game_id = game_metrics.game_id AND active.date = game_metrics.date
CROSS JOIN LATERAL (
    VALUES
        ('installs', installs, 'active players', dau::numeric),
        ('active players', dau, 'events', COALESCE(active.events, 0)),
        ('sessions', sessions, 'events', COALESCE(active.events, 0))
) AS few (name, more, limit_name, less)
WHERE game_metrics.date BETWEEN :first AND :last AND few.more > few.less
