SELECT t.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', t.typname) AS name,
    format_type(r.rngsubtype, NULL) AS subtype,
    CASE WHEN NOT o.opcdefault
        THEN quote_ident(opcspace.nspname) || '.' || quote_ident(o.opcname) END AS subtype_opclass,
    CASE WHEN r.rngcollation <> sub.typcollation
        THEN r.rngcollation::regcollation::text END AS collation,
    nullif(r.rngcanonical::oid, 0)::regproc::text AS canonical,
    nullif(r.rngsubdiff::oid, 0)::regproc::text AS subtype_diff,
    r.rngmultitypid::regtype::text AS multirange_type_name,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_type'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM pg_type t
JOIN namespace n ON n.oid = t.typnamespace
JOIN pg_range r ON r.rngtypid = t.oid
JOIN pg_type sub ON sub.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace opcspace ON opcspace.oid = o.opcnamespace
WHERE t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
