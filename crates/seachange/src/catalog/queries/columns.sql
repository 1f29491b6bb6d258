SELECT a.attrelid::int8 AS relation, a.attnum AS number, a.attname AS name,
    format_type(a.atttypid, a.atttypmod) AS data_type,
    CASE WHEN a.attcollation <> t.typcollation
        THEN a.attcollation::regcollation::text END AS collation,
    a.attnotnull AS not_null,
    CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage
        WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
        WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' END END AS storage,
    CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
    CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
    coalesce(a.attoptions, '{}') AS options,
    a.attislocal AS local,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid = a.attrelid AND objsubid = a.attnum
    ) AS comment,
    x.oid::int8 AS default_oid,
    pg_get_expr(x.adbin, x.adrelid) AS default,
    CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated
FROM relation r
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef x ON x.adrelid = a.attrelid AND x.adnum = a.attnum
WHERE r.relkind IN ('r', 'p')
ORDER BY a.attrelid, a.attnum
