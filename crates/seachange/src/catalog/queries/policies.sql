SELECT p.oid::int8 AS oid,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table, p.polname AS name,
    p.polpermissive AS permissive,
    CASE p.polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
        WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END AS command,
    (
        SELECT json_agg(CASE role WHEN 0 THEN to_json('public'::text)
            ELSE json_build_object('role', pg_get_userbyid(role)) END)
        FROM unnest(p.polroles) AS role
    ) AS roles,
    pg_get_expr(p.polqual, p.polrelid) AS using,
    pg_get_expr(p.polwithcheck, p.polrelid) AS check,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_policy'::regclass AND objoid = p.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_policy p ON p.polrelid = r.oid
