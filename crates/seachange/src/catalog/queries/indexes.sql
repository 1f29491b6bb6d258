SELECT c.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', c.relname) AS name,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table,
    i.indisunique AS unique,
    pg_get_indexdef(c.oid) AS definition,
    CASE WHEN p.oid IS NOT NULL
        THEN json_build_object('schema', pn.nspname, 'name', p.relname) END AS parent,
    i.indisvalid AS valid,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_index i ON i.indrelid = r.oid
JOIN pg_class c ON c.oid = i.indexrelid
LEFT JOIN pg_inherits h ON h.inhrelid = c.oid
LEFT JOIN pg_class p ON p.oid = h.inhparent
LEFT JOIN pg_namespace pn ON pn.oid = p.relnamespace
WHERE c.oid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))
