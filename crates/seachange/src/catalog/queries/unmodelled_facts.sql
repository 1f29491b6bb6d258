-- Facts about objects of the model that the model has no place for.
SELECT 'typed table' AS kind, c.oid::regclass::text AS name,
    format_type(c.reloftype, NULL) AS definition
FROM relation r
JOIN pg_class c ON c.oid = r.oid AND c.reloftype <> 0
UNION ALL
SELECT 'access method', c.oid::regclass::text, m.amname
FROM relation r
JOIN pg_class c ON c.oid = r.oid
JOIN pg_am m ON m.oid = c.relam AND m.amname <> 'heap'
UNION ALL
SELECT 'tablespace', c.oid::regclass::text, s.spcname
FROM pg_class c
JOIN namespace n ON n.oid = c.relnamespace
JOIN pg_tablespace s ON s.oid = c.reltablespace
WHERE c.oid NOT IN (SELECT oid FROM record)
UNION ALL
SELECT 'view column default', format('%s.%I', r.oid::regclass, a.attname),
    pg_get_expr(x.adbin, x.adrelid)
FROM relation r
JOIN pg_attrdef x ON x.adrelid = r.oid
JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = x.adnum
WHERE r.relkind = 'v'
UNION ALL
-- Statistics targets of expressions in an index, and of a view's columns.
SELECT 'column statistics', format('%s.%I', c.oid::regclass, a.attname), a.attstattarget::text
FROM pg_class c
JOIN namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attstattarget >= 0 AND a.attnum > 0
WHERE c.relkind IN ('i', 'I', 'm')
UNION ALL
-- From version 18 on; the plain ones are the column's fact.
SELECT 'not-null constraint', format('%s.%I', r.oid::regclass, k.conname),
    pg_get_constraintdef(k.oid)
FROM relation r
JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'n'
WHERE k.connoinherit OR NOT k.convalidated
UNION ALL
SELECT 'trigger state', format('%s.%I', r.oid::regclass, t.tgname), t.tgenabled::text
FROM relation r
JOIN pg_trigger t ON t.tgrelid = r.oid
-- In version 14, a trigger's clones on partitions are internal; their parent is not.
JOIN pg_trigger parent ON parent.oid = t.tgparentid AND NOT parent.tgisinternal
    AND parent.tgenabled <> t.tgenabled
UNION ALL
SELECT 'extension dependence', pg_describe_object(d.classid, d.objid, d.objsubid), e.extname
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
UNION ALL
SELECT 'security label', i.type || ' ' || i.identity, concat_ws(' ', l.provider, l.label)
FROM pg_seclabel l
CROSS JOIN LATERAL pg_identify_object(l.classoid, l.objoid, l.objsubid) i
WHERE l.objoid >= 16384
