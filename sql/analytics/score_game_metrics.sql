-- Scores of the rows from :first_day to :last_day, each over its own day and the :days_before it: the formula of
-- Shares.points in score.py over shrunk rates. Rows whose score stays are not written. Days are found by
-- idx_game_metrics_date; a window's rows of all games are read for each.
--
-- genre_* and all_* are the rates of a row's genre and of the whole factory in its window, null without a trial; a rate
-- that nobody has a trial for is 0. Starts of ads by games that never show a prompt say nothing about opting in.
WITH days AS (
    SELECT DISTINCT date
    FROM factory.game_metrics
    WHERE date BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
),
windows AS (
    SELECT
        days.date,
        game_id,
        CAST(sum(cohort_d1) AS double precision) AS d1_trials,
        CAST(sum(retained_d1) AS double precision) AS d1_hits,
        CAST(sum(cohort_d7) AS double precision) AS d7_trials,
        CAST(sum(retained_d7) AS double precision) AS d7_hits,
        CAST(sum(levels_completed + CAST(levels_failed AS bigint)) AS double precision) AS level_trials,
        CAST(sum(levels_completed) AS double precision) AS level_hits,
        CAST(sum(ad_prompts) AS double precision) AS ad_trials,
        CAST(CASE WHEN sum(ad_prompts) > 0 THEN sum(ad_impressions) ELSE 0 END AS double precision) AS ad_hits
    FROM days
    JOIN factory.game_metrics ON game_metrics.date BETWEEN days.date - CAST(:days_before AS integer) AND days.date
    GROUP BY days.date, game_id
),
rated AS (
    SELECT
        windows.*,
        sum(d1_hits) OVER genre / nullif(sum(d1_trials) OVER genre, 0) AS genre_d1,
        sum(d7_hits) OVER genre / nullif(sum(d7_trials) OVER genre, 0) AS genre_d7,
        sum(level_hits) OVER genre / nullif(sum(level_trials) OVER genre, 0) AS genre_level,
        sum(ad_hits) OVER genre / nullif(sum(ad_trials) OVER genre, 0) AS genre_ad,
        sum(d1_hits) OVER everything / nullif(sum(d1_trials) OVER everything, 0) AS all_d1,
        sum(d7_hits) OVER everything / nullif(sum(d7_trials) OVER everything, 0) AS all_d7,
        sum(level_hits) OVER everything / nullif(sum(level_trials) OVER everything, 0) AS all_level,
        sum(ad_hits) OVER everything / nullif(sum(ad_trials) OVER everything, 0) AS all_ad
    FROM windows
    JOIN factory.games ON games.id = game_id
    WINDOW genre AS (PARTITION BY date, genre), everything AS (PARTITION BY date)
),
expected AS (
    SELECT
        rated.*,
        coalesce(genre_d1, all_d1, 0) AS usual_d1,
        coalesce(genre_d7, all_d7, 0) AS usual_d7,
        coalesce(genre_d7 / nullif(genre_d1, 0), all_d7 / nullif(all_d1, 0), 0) AS usual_fall,
        coalesce(genre_level, all_level, 0) AS usual_level,
        coalesce(genre_ad, all_ad, 0) AS usual_ad
    FROM rated
),
shares AS (
    SELECT
        date,
        game_id,
        CASE
            WHEN d7_trials > 0 THEN (d7_hits + :prior_players * usual_d7) / (d7_trials + :prior_players)
            WHEN d1_trials > 0
                THEN (d1_hits + :prior_players * usual_d1) / (d1_trials + :prior_players) * usual_fall
            ELSE usual_d7
        END AS retention,
        CASE WHEN level_trials > 0
            THEN (level_hits + :prior_attempts * usual_level) / (level_trials + :prior_attempts)
            ELSE usual_level END AS completion,
        CASE WHEN ad_trials > 0
            THEN (ad_hits + :prior_prompts * usual_ad) / (ad_trials + :prior_prompts)
            ELSE usual_ad END AS ad_opt_in
    FROM expected
),
scores AS (
    SELECT
        date,
        game_id,
        CAST(
            100 * (
                :retention * least(retention / :world_class_d7, 1)
                + :completion * completion
                + :ad_opt_in * least(ad_opt_in, 1)
            ) AS numeric(10, 4)
        ) AS score
    FROM shares
)
UPDATE factory.game_metrics
SET score = scores.score
FROM scores
WHERE game_metrics.date = scores.date
  AND game_metrics.game_id = scores.game_id
  AND game_metrics.score IS DISTINCT FROM scores.score
