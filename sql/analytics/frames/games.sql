-- The games a row of any other frame may be of, by name.
SELECT id AS game_id, slug, name, genre, selected_template AS family, theme, style, status, published_at
FROM factory.games
ORDER BY name, id
