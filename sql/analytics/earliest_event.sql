-- UTC day of the earliest event, of archived months their first; NULL where there never was one. The first entry of the
-- first partition's index on timestamp, and a table of a row a month.
SELECT least(
    (SELECT CAST(min(timestamp) AT TIME ZONE 'UTC' AS date) FROM factory.analytics_events),
    (SELECT min(month) FROM factory.event_archives)
)
