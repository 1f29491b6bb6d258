SELECT s.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', s.stxname) AS name,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table,
    ARRAY(
        SELECT kind
        FROM (VALUES ('d', 'ndistinct'), ('f', 'dependencies'), ('m', 'mcv')) AS known(letter, kind)
        WHERE letter = ANY (s.stxkind::text[])
    ) AS kinds,
    -- The order in which they were named is not kept.
    ARRAY(
        SELECT a.attname
        FROM pg_attribute a
        WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])
        ORDER BY a.attname
    ) AS columns,
    coalesce(pg_get_statisticsobjdef_expressions(s.oid), '{}') AS expressions,
    nullif(s.stxstattarget, -1) AS target,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_statistic_ext'::regclass AND objoid = s.oid AND objsubid = 0
    ) AS comment
FROM pg_statistic_ext s
JOIN relation r ON r.oid = s.stxrelid
JOIN namespace n ON n.oid = s.stxnamespace
WHERE s.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_statistic_ext'::regclass)
