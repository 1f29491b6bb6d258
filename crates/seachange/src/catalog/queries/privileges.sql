-- Privileges that are not what an object is born with, a row an object and grantee. Only what the owner
-- granted: what others passed on is told by the query of other grants.
SELECT json_build_array(f.class::int8, f.oid::int8, f.part) AS of, g.grantee, g.granted, g.revoked,
    CASE WHEN f.kind = 'S' THEN json_build_object('schema', f.nspname, 'name', f.relname) END
        AS sequence,
    CASE WHEN f.kind = 'S' THEN (
        SELECT json_build_array(refclassid::int8, refobjid::int8, refobjsubid)
        FROM pg_depend
        WHERE classid = f.class AND objid = f.oid AND deptype = 'i' AND refobjsubid > 0
    ) END AS identity,
    CASE WHEN f.part > 0 AND f.kind IN ('v', 'm') THEN f.relname END AS view_column
FROM (
    SELECT 'pg_class'::regclass AS class, c.oid, 0 AS part, c.relowner AS owner, c.relacl AS held,
        acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS born,
        c.relkind AS kind, n.nspname, c.relname
    FROM pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_class'::regclass, a.attrelid, a.attnum, c.relowner, a.attacl,
        acldefault('c', c.relowner), c.relkind, n.nspname, a.attname
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
      AND c.oid NOT IN (SELECT oid FROM record)
    UNION ALL
    SELECT 'pg_proc'::regclass, p.oid, 0, p.proowner, p.proacl, acldefault('f', p.proowner),
        NULL, NULL, NULL
    FROM pg_proc p
    JOIN namespace n ON n.oid = p.pronamespace
    WHERE p.proacl IS NOT NULL
    UNION ALL
    SELECT 'pg_type'::regclass, t.oid, 0, t.typowner, t.typacl, acldefault('T', t.typowner),
        NULL, NULL, NULL
    FROM pg_type t
    JOIN namespace n ON n.oid = t.typnamespace
    WHERE t.typacl IS NOT NULL
    UNION ALL
    -- initdb grants privileges on the schema public, and notes them as its initial ones.
    SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspowner, n.nspacl,
        coalesce(initial.initprivs, acldefault('n', n.nspowner)), NULL, NULL, NULL
    FROM pg_namespace n
    JOIN namespace USING (oid)
    LEFT JOIN pg_init_privs initial
        ON initial.classoid = 'pg_namespace'::regclass AND initial.objoid = n.oid
        AND initial.privtype = 'i'
    WHERE n.nspacl IS NOT NULL
) f
CROSS JOIN LATERAL (
    SELECT CASE role WHEN 0 THEN to_json('public'::text) WHEN f.owner THEN to_json('owner'::text)
            ELSE json_build_object('role', pg_get_userbyid(role)) END AS grantee,
        coalesce(json_object_agg(privilege, held.grantable)
            FILTER (WHERE held.grantable IS NOT NULL
                AND held.grantable IS DISTINCT FROM born.grantable), '{}') AS granted,
        coalesce(json_agg(privilege) FILTER (WHERE held.grantable IS NULL), '[]') AS revoked
    FROM (
        SELECT grantee AS role, privilege_type AS privilege, is_grantable AS grantable
        FROM aclexplode(f.held)
        WHERE grantor = f.owner
    ) held
    FULL JOIN (
        SELECT grantee AS role, privilege_type AS privilege, is_grantable AS grantable
        FROM aclexplode(f.born)
    ) born USING (role, privilege)
    WHERE held.grantable IS DISTINCT FROM born.grantable
    GROUP BY role
) g
WHERE (f.class, f.oid) NOT IN (SELECT classid, objid FROM member)
