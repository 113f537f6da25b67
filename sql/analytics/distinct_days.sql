-- The days from :first to :last that are in a column of a table, in order: one look-up a day in an index that begins
-- with the column, however many rows a day has.
WITH RECURSIVE days (date) AS (
    SELECT (SELECT min({column}) FROM factory.{table} WHERE {column} BETWEEN :first AND :last)
    UNION ALL
    SELECT (SELECT min({column}) FROM factory.{table} WHERE {column} > days.date AND {column} <= :last)
    FROM days
    WHERE days.date IS NOT NULL
)
SELECT date
FROM days
WHERE date IS NOT NULL
