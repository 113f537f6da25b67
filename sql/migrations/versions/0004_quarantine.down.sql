DROP TABLE factory.quarantined_events;
