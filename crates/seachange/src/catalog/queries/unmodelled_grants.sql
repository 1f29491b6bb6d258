-- Privileges that somebody other than the owner passed on, and those on kinds of objects that the model
-- does not have.
SELECT 'grant' AS kind, i.type || ' ' || i.identity AS name,
    string_agg(a.item::text, ', ' ORDER BY a.item::text) AS definition
FROM (
    SELECT 'pg_class'::regclass AS class, c.oid, 0 AS part, c.relacl AS held,
        CASE WHEN c.relkind IN ('r', 'p', 'v', 'm', 'S') THEN c.relowner END AS owner,
        acldefault('r', c.relowner) AS born
    FROM pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relacl IS NOT NULL AND c.relkind <> 'c'
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl,
        CASE WHEN c.relkind IN ('r', 'p', 'v', 'm') THEN c.relowner END, acldefault('c', c.relowner)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl, p.proowner, acldefault('f', p.proowner)
    FROM pg_proc p
    JOIN namespace n ON n.oid = p.pronamespace
    WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, t.typacl, t.typowner, acldefault('T', t.typowner)
    FROM pg_type t
    JOIN namespace n ON n.oid = t.typnamespace
    WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl, n.nspowner, acldefault('n', n.nspowner)
    FROM pg_namespace n
    JOIN namespace USING (oid)
    WHERE n.nspacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwacl, NULL, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper
    WHERE fdwacl IS NOT NULL
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, oid, 0, srvacl, NULL, acldefault('S', srvowner)
    FROM pg_foreign_server
    WHERE srvacl IS NOT NULL
    UNION ALL
    SELECT 'pg_language'::regclass, oid, 0, lanacl, NULL, acldefault('l', lanowner)
    FROM pg_language
    WHERE lanacl IS NOT NULL AND oid >= 16384
) found
CROSS JOIN LATERAL pg_identify_object(found.class, found.oid, found.part) i
CROSS JOIN LATERAL (
    SELECT makeaclitem(grantee, grantor, privilege_type, is_grantable) AS item
    FROM aclexplode(found.held)
    WHERE grantor IS DISTINCT FROM found.owner
    EXCEPT
    SELECT makeaclitem(grantee, grantor, privilege_type, is_grantable)
    FROM aclexplode(found.born)
) a
WHERE (found.class, found.oid) NOT IN (SELECT classid, objid FROM member)
GROUP BY i.type, i.identity
