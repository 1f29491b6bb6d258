-- Every recorded dependence of what was made since initdb (its oids are below 16384), but for what
-- extensions' members need, and for TOAST tables. A dependence is internal (i) where the dependent
-- is a part of how PostgreSQL carries out the other: an array type, a row type, a constraint's
-- index, a view's rule; so it is inside the other, as a member is inside its extension.
-- There are more of these than of all other rows, so they come as bare numbers.
SELECT ARRAY[d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid,
    (d.deptype IN ('i', 'e'))::int]::int8[] AS numbers
FROM pg_depend d
LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
LEFT JOIN pg_attrdef x ON d.classid = 'pg_attrdef'::regclass AND x.oid = d.objid
WHERE d.objid >= 16384
  AND d.deptype IN ('n', 'a', 'i', 'e', 'P', 'S')
  AND c.relkind IS DISTINCT FROM 't'
  -- A default's own column goes without saying.
  AND NOT (x.oid IS NOT NULL AND d.refobjid = x.adrelid AND d.refobjsubid = x.adnum)
  -- Foreign keys' own triggers; nothing needs them, nor they anything.
  AND NOT (d.classid = 'pg_trigger'::regclass AND d.deptype = 'i')
  -- OWNED BY is the sequence's own fact.
  AND NOT (c.relkind IS NOT DISTINCT FROM 'S' AND d.deptype = 'a' AND d.refobjsubid > 0)
  AND (d.deptype = 'e' OR (d.classid, d.objid) NOT IN (SELECT classid, objid FROM member))
