-- The role that reads, and what belongs to another. Sequences of columns are their table's owner's, as the
-- schema public is the database owner's until somebody says otherwise.
SELECT r.rolname AS reader, coalesce((
    SELECT json_agg(json_build_object('of', json_build_array(o.class::int8, o.oid::int8),
        'owner', pg_get_userbyid(o.owner)))
    FROM (
        SELECT 'pg_class'::regclass AS class, c.oid, c.relowner AS owner
        FROM pg_class c
        JOIN namespace n ON n.oid = c.relnamespace
        WHERE (c.relkind IN ('r', 'p', 'v', 'm') OR (c.relkind = 'S' AND c.oid NOT IN (
                SELECT objid FROM pg_depend
                WHERE classid = 'pg_class'::regclass AND deptype IN ('a', 'i') AND refobjsubid > 0
              )))
          AND c.oid NOT IN (SELECT oid FROM record)
        UNION ALL
        SELECT 'pg_type'::regclass, t.oid, t.typowner
        FROM pg_type t
        JOIN namespace n ON n.oid = t.typnamespace
        WHERE t.typtype IN ('e', 'd', 'r')
           OR (t.typtype = 'c'
               AND EXISTS (SELECT FROM pg_class WHERE oid = t.typrelid AND relkind = 'c'))
        UNION ALL
        SELECT 'pg_proc'::regclass, p.oid, p.proowner
        FROM pg_proc p
        JOIN namespace n ON n.oid = p.pronamespace
        UNION ALL
        SELECT 'pg_namespace'::regclass, n.oid, n.nspowner
        FROM pg_namespace n
        JOIN namespace USING (oid)
        WHERE n.nspname <> 'public'
           OR n.nspowner NOT IN (10, (SELECT coalesce(min(oid), 10) FROM pg_roles WHERE rolname = 'pg_database_owner'))
        UNION ALL
        SELECT 'pg_collation'::regclass, l.oid, l.collowner
        FROM pg_collation l
        JOIN namespace n ON n.oid = l.collnamespace
        UNION ALL
        SELECT 'pg_statistic_ext'::regclass, s.oid, s.stxowner
        FROM pg_statistic_ext s
        JOIN namespace n ON n.oid = s.stxnamespace
        UNION ALL
        SELECT 'pg_publication'::regclass, oid, pubowner FROM pg_publication
        UNION ALL
        SELECT 'pg_event_trigger'::regclass, oid, evtowner FROM pg_event_trigger
    ) o
    WHERE o.owner <> r.oid AND (o.class, o.oid) NOT IN (SELECT classid, objid FROM member)
), '[]') AS owned
FROM pg_roles r
WHERE r.rolname = current_user
