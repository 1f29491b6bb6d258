-- From version 17 on, a domain's NOT NULL is a constraint as well (contype n).
SELECT t.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', t.typname) AS name,
    format_type(t.typbasetype, t.typtypmod) AS data_type,
    CASE WHEN t.typcollation <> base.typcollation
        THEN t.typcollation::regcollation::text END AS collation,
    t.typnotnull AS not_null,
    pg_get_expr(t.typdefaultbin, 0) AS default,
    coalesce(k.checks, '[]') AS checks,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_type'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM pg_type t
JOIN namespace n ON n.oid = t.typnamespace
JOIN pg_type base ON base.oid = t.typbasetype
LEFT JOIN (
    SELECT contypid, json_agg(json_build_object('oid', oid::int8, 'name', conname,
        'definition', pg_get_constraintdef(oid),
        'comment', obj_description(oid, 'pg_constraint'))) AS checks
    FROM pg_constraint
    WHERE contype = 'c' AND contypid <> 0 AND oid >= 16384
    GROUP BY contypid
) k ON k.contypid = t.oid
WHERE t.typtype = 'd'
  AND t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_type'::regclass)
