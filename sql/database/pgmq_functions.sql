-- The functions of schema pgmq by name and types of their arguments; none where there is no such schema.
SELECT proname || '(' || array_to_string(ARRAY(
    SELECT format_type(type, NULL) FROM unnest(proargtypes::oid[]) WITH ORDINALITY AS argument (type, place)
    ORDER BY place
), ',') || ')'
FROM pg_proc
WHERE pronamespace = to_regnamespace('pgmq')
