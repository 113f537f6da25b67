-- Tables, columns, constraints and indexes of one schema as PostgreSQL writes them, without the schema's name, so
-- that two schemas can be compared. Left out: partitions, and indexes that are part of a constraint.
-- PostgreSQL writes "varchar column IN (...)" in one way when it was typed and in another after a restore; the two
-- regular expressions turn the second into the first.
WITH tables AS (
    SELECT pg_class.oid, relname AS table_name
    FROM pg_class
    WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = :schema)
      AND relkind IN ('r', 'p')
      AND NOT relispartition
),
everything AS (
    SELECT 'table' AS kind, table_name::text, table_name::text AS name, '' AS definition
    FROM tables
    UNION ALL
    SELECT
        'column',
        table_name,
        attname,
        concat_ws(
            ' ',
            format_type(atttypid, atttypmod),
            CASE WHEN attnotnull THEN 'NOT NULL' END,
            'DEFAULT ' || replace(pg_get_expr(adbin, adrelid), :schema || '.', '')
        )
    FROM tables
    JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL
    -- not-null constraints have rows of their own since PostgreSQL 18; the columns above tell of them already
    -- which schema is referred to is only told of users: of two drafts each refers to the other
    SELECT
        'constraint',
        table_name,
        conname,
        regexp_replace(
            replace(pg_get_constraintdef(pg_constraint.oid), :schema || '.', ''),
            'REFERENCES (?!auth\.)\w+\.', 'REFERENCES '
        )
    FROM tables
    JOIN pg_constraint ON conrelid = tables.oid AND contype <> 'n'
    UNION ALL
    SELECT
        'index',
        table_name,
        relname,
        replace(replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), ' ' || :schema || '.', ' ')
    FROM tables
    JOIN pg_index ON indrelid = tables.oid
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
)
SELECT
    kind,
    table_name,
    name,
    regexp_replace(
        regexp_replace(definition, $$\(('[^']*'::character varying)\)::text$$, '\1', 'g'),
        $$\((ARRAY\[[^]]*\])\)::text\[\]$$, '\1', 'g'
    ) AS definition
FROM everything
