-- The locale's column has had three names: collcollate in version 14, colliculocale, from 17 colllocale.
SELECT c.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', c.collname) AS name,
    CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
    CASE WHEN c.collprovider <> 'c' THEN coalesce(to_jsonb(c) ->> 'colllocale',
        to_jsonb(c) ->> 'colliculocale', c.collcollate) END AS locale,
    CASE WHEN c.collprovider = 'c' THEN c.collcollate END AS lc_collate,
    CASE WHEN c.collprovider = 'c' THEN c.collctype END AS lc_ctype,
    c.collisdeterministic AS deterministic,
    to_jsonb(c) ->> 'collicurules' AS rules,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_collation'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM pg_collation c
JOIN namespace n ON n.oid = c.collnamespace
WHERE c.oid >= 16384
  AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_collation'::regclass)
