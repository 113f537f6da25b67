DROP TABLE factory.event_archives;
