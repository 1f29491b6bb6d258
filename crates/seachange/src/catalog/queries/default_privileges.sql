-- What new objects are born with beyond what they would be by themselves. An entry for one schema adds
-- to that; one for all schemas stands in its place (PostgreSQL manual, ALTER DEFAULT PRIVILEGES).
SELECT nullif(pg_get_userbyid(d.role), current_user) AS role,
    n.nspname AS schema, d.on, g.grantee, g.granted, g.revoked
FROM (
    SELECT defaclrole AS role, defaclnamespace AS namespace, defaclacl AS held,
        CASE defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences'
            WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas'
            WHEN 'L' THEN 'large_objects' END AS on,
        CASE WHEN defaclnamespace = 0 THEN acldefault(
            CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END, defaclrole
        ) END AS born
    FROM pg_default_acl
) d
LEFT JOIN namespace n ON n.oid = d.namespace
CROSS JOIN LATERAL (
    SELECT CASE grantee WHEN 0 THEN to_json('public'::text)
            WHEN d.role THEN to_json('owner'::text)
            ELSE json_build_object('role', pg_get_userbyid(grantee)) END AS grantee,
        coalesce(json_object_agg(privilege, held.grantable)
            FILTER (WHERE held.grantable IS NOT NULL
                AND held.grantable IS DISTINCT FROM born.grantable), '{}') AS granted,
        coalesce(json_agg(privilege) FILTER (WHERE held.grantable IS NULL), '[]') AS revoked
    FROM (
        SELECT grantee, privilege_type AS privilege, is_grantable AS grantable
        FROM aclexplode(d.held)
    ) held
    FULL JOIN (
        SELECT grantee, privilege_type AS privilege, is_grantable AS grantable
        FROM aclexplode(d.born)
    ) born USING (grantee, privilege)
    WHERE held.grantable IS DISTINCT FROM born.grantable
    GROUP BY grantee
) g
WHERE d.namespace = 0 OR n.oid IS NOT NULL
