SELECT t.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', t.typname) AS name,
    coalesce(l.labels, '{}') AS labels,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_type'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM pg_type t
JOIN namespace n ON n.oid = t.typnamespace
LEFT JOIN (
    SELECT enumtypid, array_agg(enumlabel ORDER BY enumsortorder) AS labels
    FROM pg_enum
    GROUP BY enumtypid
) l ON l.enumtypid = t.oid
WHERE t.typtype = 'e'
  AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
