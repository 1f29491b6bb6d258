SELECT p.oid::int8 AS oid, p.prpubid::int8 AS publication,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table,
    (
        SELECT json_agg(a.attname ORDER BY a.attname)
        FROM pg_attribute a
        WHERE a.attrelid = p.prrelid AND a.attnum = ANY (p.prattrs::int2[])
    ) AS columns,
    pg_get_expr(p.prqual, p.prrelid) AS filter
FROM pg_publication_rel p
JOIN relation r ON r.oid = p.prrelid
