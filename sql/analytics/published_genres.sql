-- How many published games each genre has, for the gallery's filter.
SELECT genre, count(*) AS games
FROM factory.games
WHERE status = 'published' AND NOT external
GROUP BY genre
ORDER BY genre
