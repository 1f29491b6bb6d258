-- A sequence depends automatically (a) on the column that owns it, and internally (i) on the
-- identity column that it is a part of.
SELECT c.oid::int8 AS oid,
    json_build_object('schema', n.nspname, 'name', c.relname) AS name,
    format_type(s.seqtypid, NULL) AS data_type, s.seqstart AS start, s.seqincrement AS increment,
    s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, s.seqcycle AS cycle,
    c.relpersistence = 'u' AS unlogged,
    owner.refobjid::int8 AS relation, owner.refobjsubid AS number,
    CASE WHEN owner.deptype = 'i' THEN x.attidentity END AS identity,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_class'::regclass AND objoid = c.oid AND objsubid = 0
    ) AS comment
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend owner
    ON owner.classid = 'pg_class'::regclass AND owner.objid = c.oid AND owner.objsubid = 0
    AND owner.refclassid = 'pg_class'::regclass AND owner.refobjsubid > 0
    AND owner.deptype IN ('a', 'i')
LEFT JOIN pg_attribute x ON x.attrelid = owner.refobjid AND x.attnum = owner.refobjsubid
WHERE c.oid NOT IN (SELECT oid FROM record)
  AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass)
