-- Every (mechanic, genre) the library allows, with what is learned of it, the best first; NULLs where nothing was
-- learned yet. :genre NULL means all. Inactive mechanics too: what is known of them is there when they come back.
-- A few dozen rows, by unique_mechanic_genre.
SELECT
    mechanics.id AS mechanic_id,
    mechanics.name AS mechanic,
    tags.genre,
    learning_weights.weight,
    learning_weights.sample_count,
    learning_weights.avg_retention_d7,
    learning_weights.avg_completion_rate,
    learning_weights.avg_ad_opt_in_rate
FROM factory.mechanics
CROSS JOIN LATERAL (
    SELECT DISTINCT tag AS genre FROM jsonb_array_elements_text(mechanics.genre_tags) AS tag
) AS tags
LEFT JOIN factory.learning_weights
    ON learning_weights.mechanic_id = mechanics.id AND learning_weights.genre = tags.genre
WHERE CAST(:genre AS text) IS NULL OR tags.genre = :genre
ORDER BY learning_weights.weight DESC NULLS LAST, mechanics.name, tags.genre
