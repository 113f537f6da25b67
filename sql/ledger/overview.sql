-- Runs by state, by kind and by owner: one of the three is given in each row. What owners enter may be of any kind.
SELECT
    status,
    CASE WHEN asked = ANY(:kinds) THEN asked ELSE 'other' END AS kind,
    CAST(owner_id AS text) AS owner,
    count(*) AS runs
FROM (SELECT status, kind AS asked, owner_id FROM ledger.jobs) AS runs
GROUP BY GROUPING SETS ((status), (2), (owner_id))
ORDER BY runs DESC, 1, 2, 3
