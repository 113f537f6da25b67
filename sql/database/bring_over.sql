-- The statements that let the role gamefactory own what is in schemas factory and public. Not REASSIGN OWNED: what the
-- first superuser owns cannot be taken from it as a whole. Left out is what follows its table (its sequences), and what
-- an extension made.
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname IN ('factory', 'public')),
bound AS (SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'a', 'i'))
SELECT format('ALTER SCHEMA %I OWNER TO gamefactory', nspname)
FROM pg_namespace
WHERE nspname = 'factory'
UNION ALL
SELECT format(
    'ALTER %s %s OWNER TO gamefactory',
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
    pg_class.oid::regclass
)
FROM pg_class
JOIN ours ON relnamespace = ours.oid
WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
  AND (relkind <> 'S' OR NOT EXISTS (SELECT FROM bound WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid))
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO gamefactory', pg_proc.oid::regprocedure)
FROM pg_proc
JOIN ours ON pronamespace = ours.oid
WHERE NOT EXISTS (SELECT FROM bound WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)
UNION ALL
SELECT format('ALTER TYPE %s OWNER TO gamefactory', pg_type.oid::regtype)
FROM pg_type
JOIN ours ON typnamespace = ours.oid
WHERE typtype IN ('e', 'd')
  AND NOT EXISTS (SELECT FROM bound WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid)
