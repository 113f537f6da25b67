-- For each genre the :limit weights furthest from 1.0, up or down alike, of what at least one game was learned from.
-- The table has one row for a mechanic and genre: hundreds at most.
SELECT genre, mechanic, weight, sample_count
FROM (
    SELECT
        learning_weights.genre,
        mechanics.name AS mechanic,
        learning_weights.weight,
        learning_weights.sample_count,
        row_number() OVER (
            PARTITION BY learning_weights.genre
            ORDER BY abs(ln(greatest(learning_weights.weight, 0.0001))) DESC, mechanics.name
        ) AS place
    FROM factory.learning_weights
    JOIN factory.mechanics ON mechanics.id = learning_weights.mechanic_id
    WHERE learning_weights.sample_count > 0
) AS ranked
WHERE place <= :limit
ORDER BY genre, weight DESC, mechanic
