SELECT t.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', t.typname) AS name,
    coalesce(a.attributes, '[]') AS attributes,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_type'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM pg_type t
JOIN namespace n ON n.oid = t.typnamespace
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
LEFT JOIN (
    SELECT a.attrelid, json_agg(json_build_object('name', a.attname,
        'data_type', format_type(a.atttypid, a.atttypmod),
        'collation', CASE WHEN a.attcollation <> own.typcollation
            THEN a.attcollation::regcollation::text END,
        'comment', d.description) ORDER BY a.attnum) AS attributes
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'c'
    JOIN pg_type own ON own.oid = a.atttypid
    LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass
        AND d.objoid = a.attrelid AND d.objsubid = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped
    GROUP BY a.attrelid
) a ON a.attrelid = c.oid
WHERE t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
