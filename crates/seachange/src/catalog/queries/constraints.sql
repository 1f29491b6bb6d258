-- NOT NULL is a fact of the column, in version 18 too, where it is a constraint as well (contype n).
-- A foreign key to a partitioned table has a twin for each of that table's partitions: those differ
-- from their parent in what they reference, and are an implementation detail.
SELECT c.oid::int8 AS oid, c.conrelid::int8 AS relation, c.conname AS name,
    CASE c.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'check'
        WHEN 'x' THEN 'exclusion' WHEN 'f' THEN 'foreign_key' END AS kind,
    pg_get_constraintdef(c.oid) AS definition,
    coalesce(c.conkey, '{}') AS columns,
    CASE WHEN f.oid IS NOT NULL
        THEN json_build_object('schema', n.nspname, 'name', f.relname) END AS references,
    c.convalidated AS validated,
    c.conislocal AS local,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_constraint'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM relation r
JOIN pg_constraint c ON c.conrelid = r.oid AND c.contype IN ('p', 'u', 'c', 'x', 'f')
LEFT JOIN pg_constraint parent ON parent.oid = c.conparentid
LEFT JOIN pg_class f ON f.oid = c.confrelid
LEFT JOIN pg_namespace n ON n.oid = f.relnamespace
WHERE r.relkind IN ('r', 'p')
  AND (parent.oid IS NULL OR c.contype <> 'f' OR parent.confrelid = c.confrelid)
