SELECT w.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table, w.rulename AS name,
    pg_get_ruledef(w.oid) AS definition,
    w.ev_enabled AS enabled,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_rewrite'::regclass AND objoid = w.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_rewrite w ON w.ev_class = r.oid AND w.rulename <> '_RETURN'
