-- Events in quarantine by reason, most first: everything still there, not only the report's days. An index-only
-- scan of idx_quarantined_events_reason.
SELECT reason, count(*) AS events, max(received_at) AS newest
FROM factory.quarantined_events
GROUP BY reason
ORDER BY events DESC, reason
