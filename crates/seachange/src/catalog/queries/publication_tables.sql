-- Column lists and row filters came with version 15.
SELECT p.oid::int8 AS oid, p.prpubid::int8 AS publication,
    json_build_object('schema', r.nspname, 'name', r.relname) AS table,
    NULL AS columns, NULL AS filter
FROM pg_publication_rel p
JOIN relation r ON r.oid = p.prrelid
