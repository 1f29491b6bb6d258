SELECT p.oid::int8 AS oid, p.pubname AS name, p.puballtables AS all_tables,
    array_to_string(ARRAY[
        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END
    ], ', ') AS publish,
    p.pubviaroot AS via_root,
    -- From version 18 on.
    CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'stored' END AS generated,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_publication'::regclass AND objoid = p.oid AND objsubid = 0
    ) AS comment
FROM pg_publication p
WHERE p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_publication'::regclass)
