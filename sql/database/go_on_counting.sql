-- Numbers that are counted go on after those there are, in every table of ours that counts.
DO $$
DECLARE
    counted record;
BEGIN
    FOR counted IN
        SELECT
            pg_class.oid::regclass AS name,
            attname,
            pg_get_serial_sequence(format('%I.%I', nspname, relname), attname) AS sequence
        FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        WHERE nspname IN ('factory', 'requests', 'replays') AND relkind = 'r'
    LOOP
        IF counted.sequence IS NOT NULL THEN
            EXECUTE format(
                'SELECT setval(%L, max(%I) + 1, false) FROM %s HAVING count(*) > 0',
                counted.sequence, counted.attname, counted.name
            );
        END IF;
    END LOOP;
END $$
