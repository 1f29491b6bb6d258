SELECT c.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS name,
    c.relkind = 'm' AS materialized,
    pg_get_viewdef(c.oid) AS definition,
    coalesce(a.columns, '[]') AS columns,
    coalesce(a.comments, '{}') AS column_comments,
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
        ORDER BY a.attnum) AS columns,
        json_object_agg(a.attname, d.description)
            FILTER (WHERE d.description IS NOT NULL) AS comments
    FROM relation r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass
        AND d.objoid = a.attrelid AND d.objsubid = a.attnum
    WHERE r.relkind IN ('v', 'm')
    GROUP BY a.attrelid
) a ON a.attrelid = c.oid
WHERE c.relkind IN ('v', 'm')
