-- Privileges that are not what an object is born with, and those that new objects will be born with.
SELECT 'grant' AS kind, i.type || ' ' || i.identity AS name,
    concat_ws('; ', given.items, 'without ' || taken.items) AS definition
FROM (
    SELECT 'pg_class'::regclass AS class, c.oid, 0 AS part, c.relacl AS held,
        acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS born
    FROM pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relacl IS NOT NULL AND c.relkind <> 'c'
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl, acldefault('f', p.proowner)
    FROM pg_proc p
    JOIN namespace n ON n.oid = p.pronamespace
    WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, t.typacl, acldefault('T', t.typowner)
    FROM pg_type t
    JOIN namespace n ON n.oid = t.typnamespace
    WHERE t.typacl IS NOT NULL
    UNION ALL
    -- initdb grants privileges on the schema public, and notes them as its initial ones.
    SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl,
        coalesce(initial.initprivs, acldefault('n', n.nspowner))
    FROM pg_namespace n
    JOIN namespace USING (oid)
    LEFT JOIN pg_init_privs initial
        ON initial.classoid = 'pg_namespace'::regclass AND initial.objoid = n.oid
        AND initial.privtype = 'i'
    WHERE n.nspacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwacl, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper
    WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, srvacl, acldefault('S', srvowner)
    FROM pg_foreign_server
    WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, lanacl, acldefault('l', lanowner)
    FROM pg_language
    WHERE lanacl IS NOT NULL AND oid >= 16384
) found
CROSS JOIN LATERAL pg_identify_object(found.class, found.oid, found.part) i
CROSS JOIN LATERAL (
    SELECT string_agg(item, ', ' ORDER BY item) AS items
    FROM (SELECT unnest(found.held)::text EXCEPT SELECT unnest(found.born)::text) AS given(item)
) given
CROSS JOIN LATERAL (
    SELECT string_agg(item, ', ' ORDER BY item) AS items
    FROM (SELECT unnest(found.born)::text EXCEPT SELECT unnest(found.held)::text) AS taken(item)
) taken
WHERE (given.items IS NOT NULL OR taken.items IS NOT NULL)
  AND (found.class, found.oid) NOT IN (SELECT classid, objid FROM member)
UNION ALL
SELECT 'default privileges', concat_ws(' ', 'of', quote_ident(pg_get_userbyid(d.defaclrole)),
    'on', CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
        WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
        ELSE d.defaclobjtype::text END,
    'in ' || quote_ident(n.nspname)),
    (SELECT string_agg(item::text, ', ' ORDER BY item::text) FROM unnest(d.defaclacl) AS item)
FROM pg_default_acl d
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
