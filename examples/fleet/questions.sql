-- The objects that failed: used after their end
SELECT host, object, end_index, last_index
FROM lives
WHERE ended = 1 AND last_index > end_index
ORDER BY host, object;

-- The rarest path
SELECT path, count(*) AS lives, min(host) AS host, min(object) AS object
FROM (SELECT host, pid, list, object, history, string_agg(verb, ' ' ORDER BY index) AS path
      FROM events WHERE verb <> '' GROUP BY host, pid, list, object, history) AS paths
GROUP BY path
ORDER BY lives, path
LIMIT 1;

-- Leaks per host: lives that hold references and have no end
SELECT host, count(*) AS leaks, sum(held) AS held
FROM lives
WHERE ended = 0 AND held > 0
GROUP BY host
ORDER BY leaks DESC, host;

-- Who held what: what each thread has taken and not given back, of what leaks
SELECT e.host, e.thread,
       count(DISTINCT e.object) AS objects,
       sum(CASE WHEN e.role = 'ref' THEN 1 WHEN e.role = 'unref' THEN -1 ELSE 0 END) AS held
FROM events e
JOIN lives l ON e.host = l.host AND e.pid = l.pid AND e.list = l.list AND e.history = l.history
WHERE l.ended = 0 AND l.held > 0
GROUP BY e.host, e.thread
ORDER BY e.host, e.thread;
