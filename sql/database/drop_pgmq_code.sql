-- PGMQ's functions and composite types: its SQL makes them anew. Tables stay, and so do the functions of triggers, which
-- that SQL replaces: a queue's own trigger goes on calling them. What others built on the rest is not dropped with it.
DO $$
DECLARE
    old record;
BEGIN
    FOR old IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = to_regnamespace('pgmq') AND prorettype <> 'trigger'::regtype
    LOOP
        EXECUTE format('DROP ROUTINE %s', old.name);
    END LOOP;
    FOR old IN
        SELECT pg_type.oid::regtype AS name FROM pg_type
        JOIN pg_class ON pg_class.oid = typrelid
        WHERE typnamespace = to_regnamespace('pgmq') AND relkind = 'c'
    LOOP
        EXECUTE format('DROP TYPE %s', old.name);
    END LOOP;
END $$
