-- Whether nobody else takes the file in; nobody will until this transaction ends.
SELECT pg_try_advisory_xact_lock(hashtextextended(:url || ' ' || :fingerprint, 0))
