-- Remove the weights of pairs that the library no longer allows: they are computed again if it ever does.
DELETE FROM factory.learning_weights
USING factory.mechanics
WHERE mechanics.id = learning_weights.mechanic_id
  AND NOT mechanics.genre_tags ? learning_weights.genre
