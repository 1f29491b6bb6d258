-- A range type's constructors depend on it internally, and come and go with it.
SELECT p.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', p.proname) AS name,
    CASE p.prokind WHEN 'f' THEN 'function' WHEN 'p' THEN 'procedure'
        WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' END AS kind,
    array_to_string(ARRAY(
        SELECT format_type(type, NULL)
        FROM unnest(p.proargtypes) WITH ORDINALITY AS argument(type, place)
        ORDER BY place
    ), ', ') AS identity,
    CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END AS definition,
    pg_get_function_arguments(p.oid) AS arguments,
    pg_get_function_result(p.oid) AS result,
    p.prosqlbody IS NOT NULL AS sql_body,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_proc'::regclass AND objoid = p.oid AND objsubid = 0
    ) AS comment
FROM pg_proc p
JOIN namespace n ON n.oid = p.pronamespace
WHERE p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_proc'::regclass)
  AND p.oid NOT IN (
      SELECT objid FROM pg_depend
      WHERE classid = 'pg_proc'::regclass AND refclassid = 'pg_type'::regclass AND deptype = 'i'
  )
