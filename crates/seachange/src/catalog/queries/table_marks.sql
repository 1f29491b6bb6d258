-- What a table says of itself as a source of replication, and which index CLUSTER goes by.
SELECT json_build_object('schema', r.nspname, 'name', r.relname) AS table, m.mark, m.index
FROM relation r
JOIN pg_class c ON c.oid = r.oid
CROSS JOIN LATERAL (
    SELECT CASE c.relreplident WHEN 'f' THEN 'replica_full' WHEN 'n' THEN 'replica_nothing' END
        AS mark, NULL AS index
    WHERE c.relreplident IN ('f', 'n') AND c.relkind IN ('r', 'p')
    UNION ALL
    SELECT 'replica_index', x.relname
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i'
    UNION ALL
    SELECT 'clustered', x.relname
    FROM pg_index i
    JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = c.oid AND i.indisclustered
) m
