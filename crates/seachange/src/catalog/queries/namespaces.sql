SELECT n.oid::int8 AS oid, n.nspname AS name,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_namespace'::regclass AND objoid = n.oid AND objsubid = 0
    ) AS comment
FROM namespace n
WHERE n.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_namespace'::regclass)
