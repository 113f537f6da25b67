-- What is learned of each mechanic in each genre, by genre, the best first. A few dozen rows.
SELECT
    learning_weights.genre, mechanics.name AS mechanic, learning_weights.weight, learning_weights.sample_count,
    learning_weights.avg_retention_d7, learning_weights.avg_completion_rate, learning_weights.avg_ad_opt_in_rate
FROM factory.learning_weights
JOIN factory.mechanics ON mechanics.id = learning_weights.mechanic_id
ORDER BY learning_weights.genre, learning_weights.weight DESC, mechanics.name
