-- plpgsql is there from the start, and nothing that a schema declares.
SELECT e.oid::int8 AS oid, e.extname AS name, n.nspname AS schema,
    nullif(e.extversion, offered.default_version) AS version,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_extension'::regclass AND objoid = e.oid AND objsubid = 0
    ) AS comment
FROM pg_extension e
JOIN pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions() AS offered ON offered.name = e.extname
WHERE e.extname <> 'plpgsql'
