-- The statements that let the role gamefactory own what is in schemas factory, ledger, requests, replays and public, and in
-- auth and pgmq where these are ours. Not REASSIGN OWNED: what the first superuser owns cannot be taken from it as a whole. Left out is
-- what follows its table (its sequences), what an extension made, and the functions of the ledger's keeper. Policies that
-- were written for the tables' owner name the new one.
WITH ours AS (
    SELECT oid, nspname
    FROM pg_namespace
    WHERE nspname IN ('factory', 'ledger', 'requests', 'replays', 'public')
       OR (nspname = 'auth' AND obj_description(oid, 'pg_namespace') = 'made for the run ledger')
       OR (nspname = 'pgmq' AND obj_description(oid, 'pg_namespace') LIKE '%; made by gamefactory')
),
bound AS (SELECT classid, objid FROM pg_depend WHERE deptype IN ('e', 'a', 'i'))
SELECT format('ALTER SCHEMA %I OWNER TO gamefactory', nspname)
FROM ours
WHERE nspname <> 'public'
UNION ALL
SELECT format('ALTER POLICY %I ON %s TO gamefactory', polname, polrelid::regclass)
FROM pg_policy
JOIN pg_class ON pg_class.oid = polrelid
JOIN ours ON relnamespace = ours.oid
WHERE polroles = ARRAY[relowner]
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
WHERE pg_get_userbyid(proowner) <> 'ledger_keeper'
  AND NOT EXISTS (SELECT FROM bound WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid)
UNION ALL
SELECT format('ALTER TYPE %s OWNER TO gamefactory', pg_type.oid::regtype)
FROM pg_type
JOIN ours ON typnamespace = ours.oid
WHERE (typtype IN ('e', 'd') OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c'))
  AND NOT EXISTS (SELECT FROM bound WHERE classid = 'pg_type'::regclass AND objid = pg_type.oid)
