-- A trigger of a partitioned table has a clone on each partition: the clones have a parent.
SELECT t.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table, t.tgname AS name,
    pg_get_triggerdef(t.oid) AS definition,
    t.tgenabled AS enabled,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_trigger'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_trigger t ON t.tgrelid = r.oid AND NOT t.tgisinternal AND t.tgparentid = 0
