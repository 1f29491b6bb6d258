SELECT c.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS name,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
    coalesce(c.reloptions, '{}') || ARRAY(
        SELECT 'toast.' || option FROM unnest(toast.reloptions) AS option
    ) AS parameters,
    pg_get_partkeydef(c.oid) AS partition_by,
    pg_get_expr(c.relpartbound, c.oid) AS bound,
    coalesce(h.parents, '[]') AS parents,
    c.relrowsecurity AS row_security,
    c.relforcerowsecurity AS force_row_security,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_class c ON c.oid = r.oid
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN (
    SELECT i.inhrelid, json_agg(json_build_object('schema', n.nspname, 'name', p.relname)
        ORDER BY i.inhseqno) AS parents
    FROM pg_inherits i
    JOIN pg_class p ON p.oid = i.inhparent
    JOIN pg_namespace n ON n.oid = p.relnamespace
    GROUP BY i.inhrelid
) h ON h.inhrelid = c.oid
WHERE c.relkind IN ('r', 'p')
