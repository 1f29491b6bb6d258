-- Comments on what the model has no place for one: a constraint's index, an identity column's sequence,
-- and the kinds that it does not have.
SELECT 'comment' AS kind, i.type || ' ' || i.identity AS name, d.description AS definition
FROM pg_description d
LEFT JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid
LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
LEFT JOIN pg_trigger t ON d.classoid = 'pg_trigger'::regclass AND t.oid = d.objoid
CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE d.objoid >= 16384
  AND i.schema IS DISTINCT FROM 'pg_catalog'
  AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM member)
  AND NOT EXISTS (SELECT FROM record WHERE record.oid IN (c.oid, k.conrelid, t.tgrelid))
  AND CASE
      WHEN c.oid IS NOT NULL AND d.objsubid > 0 THEN c.relkind NOT IN ('r', 'p', 'v', 'm', 'c')
      WHEN c.relkind IN ('i', 'I') THEN EXISTS (
          SELECT FROM pg_constraint owner
          WHERE owner.conindid = c.oid AND owner.contype IN ('p', 'u', 'x'))
      WHEN c.relkind = 'S' THEN EXISTS (
          SELECT FROM pg_depend
          WHERE classid = d.classoid AND objid = c.oid AND deptype = 'i')
      WHEN c.oid IS NOT NULL THEN c.relkind NOT IN ('r', 'p', 'v', 'm')
      WHEN k.oid IS NOT NULL THEN k.contype NOT IN ('p', 'u', 'c', 'x', 'f')
      WHEN t.oid IS NOT NULL THEN t.tgparentid <> 0
      WHEN d.classoid = 'pg_type'::regclass THEN NOT EXISTS (
          SELECT FROM pg_type y WHERE y.oid = d.objoid AND y.typtype IN ('e', 'd', 'c', 'r'))
      ELSE d.classoid NOT IN ('pg_namespace'::regclass, 'pg_extension'::regclass,
          'pg_proc'::regclass, 'pg_policy'::regclass, 'pg_rewrite'::regclass,
          'pg_collation'::regclass, 'pg_statistic_ext'::regclass, 'pg_publication'::regclass,
          'pg_event_trigger'::regclass)
  END
