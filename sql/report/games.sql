-- The :limit games most installed from :first to :last, of those that are published or were played then, and how
-- many such games there are. The span is read once by idx_game_metrics_date; a published game without a row in it
-- has zeros and no score. ``dau`` is that of :last, ``score`` the newest in the span.
WITH span AS (
    SELECT
        game_id,
        sum(installs) AS installs,
        sum(dau) FILTER (WHERE date = CAST(:last AS date)) AS dau,
        sum(cohort_d1) AS cohort_d1,
        sum(retained_d1) AS retained_d1,
        sum(cohort_d7) AS cohort_d7,
        sum(retained_d7) AS retained_d7,
        sum(levels_completed) AS levels_completed,
        sum(levels_failed) AS levels_failed,
        sum(ad_prompts) AS ad_prompts,
        sum(ad_impressions) AS ad_impressions,
        sum(ad_revenue_cents) AS ad_revenue_cents,
        sum(iap_revenue_cents) AS iap_revenue_cents,
        (array_agg(score ORDER BY date DESC))[1] AS score
    FROM factory.game_metrics
    WHERE date BETWEEN CAST(:first AS date) AND CAST(:last AS date)
    GROUP BY game_id
)
SELECT
    games.id,
    games.name,
    games.slug,
    games.genre,
    games.play_url,
    span.score,
    coalesce(span.installs, 0) AS installs,
    coalesce(span.dau, 0) AS dau,
    coalesce(span.cohort_d1, 0) AS cohort_d1,
    coalesce(span.retained_d1, 0) AS retained_d1,
    coalesce(span.cohort_d7, 0) AS cohort_d7,
    coalesce(span.retained_d7, 0) AS retained_d7,
    coalesce(span.levels_completed, 0) AS levels_completed,
    coalesce(span.levels_failed, 0) AS levels_failed,
    coalesce(span.ad_prompts, 0) AS ad_prompts,
    coalesce(span.ad_impressions, 0) AS ad_impressions,
    coalesce(span.ad_revenue_cents, 0) AS ad_revenue_cents,
    coalesce(span.iap_revenue_cents, 0) AS iap_revenue_cents,
    count(*) OVER () AS total
FROM factory.games
LEFT JOIN span ON span.game_id = games.id
WHERE games.status = 'published' OR span.game_id IS NOT NULL
ORDER BY installs DESC, span.score DESC NULLS LAST, games.slug
LIMIT :limit
