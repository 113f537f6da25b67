-- PGMQ's functions and composite types, with the triggers that call them: its SQL makes them anew. Tables stay.
DO $$
DECLARE
    old record;
BEGIN
    FOR old IN
        SELECT oid::regprocedure AS name FROM pg_proc WHERE pronamespace = to_regnamespace('pgmq')
    LOOP
        EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', old.name);
    END LOOP;
    FOR old IN
        SELECT pg_type.oid::regtype AS name FROM pg_type
        JOIN pg_class ON pg_class.oid = typrelid
        WHERE typnamespace = to_regnamespace('pgmq') AND relkind = 'c'
    LOOP
        EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', old.name);
    END LOOP;
END $$
