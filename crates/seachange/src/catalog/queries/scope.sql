-- What belongs to a schema at all. These names stand before every query of this folder.
WITH member AS (
    -- What an extension brought along is the extension's.
    SELECT classid, objid
    FROM pg_depend
    WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
), namespace AS (
    -- Names that begin with pg_ are reserved: pg_catalog, pg_toast, pg_temp_3.
    SELECT oid, nspname
    FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), book AS (
    -- Where SeaORM and Seachange keep their records.
    SELECT oid
    FROM pg_class
    WHERE relkind IN ('r', 'p') AND (relname = 'seaql_migrations' OR relname LIKE 'seachange\_%')
), record AS (
    -- With their indexes and sequences.
    SELECT oid FROM book
    UNION ALL
    SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM book)
    UNION ALL
    SELECT objid
    FROM pg_depend
    WHERE classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
      AND refclassid = 'pg_class'::regclass AND refobjid IN (SELECT oid FROM book)
), relation AS (
    SELECT c.oid, c.relkind, n.nspname, c.relname
    FROM pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm')
      AND c.oid NOT IN (SELECT oid FROM record)
      AND c.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_class'::regclass)
)
