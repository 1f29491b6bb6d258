SELECT c.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS name,
    c.relkind = 'm' AS materialized,
    pg_get_viewdef(c.oid) AS definition,
    coalesce(a.columns, '[]') AS columns,
    coalesce(c.reloptions, '{}') AS options,
    c.relispopulated AS populated,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_class c ON c.oid = r.oid
LEFT JOIN (
    SELECT a.attrelid, json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod))
        ORDER BY a.attnum) AS columns
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.relkind IN ('v', 'm')
    GROUP BY a.attrelid
) a ON a.attrelid = c.oid
WHERE c.relkind IN ('v', 'm')
