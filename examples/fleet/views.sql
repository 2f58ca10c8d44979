-- Lives, from the events of a lake: who began them, how they ended, what they held. DuckDB, ClickHouse, Spark and Trino take the
-- statement as it is, where `events` is a table or view of the Parquet files.
CREATE VIEW lives AS
SELECT host, pid, list, object, history, origin,
       min(time) AS began,
       max(time) AS last,
       count(*) AS events,
       sum(lost) AS lost,
       sum(CASE WHEN role = 'ref' THEN 1 WHEN role = 'unref' THEN -1 ELSE 0 END) AS held,
       max(CASE WHEN role = 'end' THEN 1 ELSE 0 END) AS ended,
       min(CASE WHEN role = 'end' THEN index END) AS end_index,
       max(CASE WHEN verb <> '' THEN index END) AS last_index
FROM events
GROUP BY host, pid, list, object, history, origin;
