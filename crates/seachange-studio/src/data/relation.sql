-- One relation as JSON: $1 its schema, $2 its name (PostgreSQL manual, chapter 53 "System Catalogs").
WITH relation AS (
    SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND has_schema_privilege(n.oid, 'USAGE')
), columns AS (
    SELECT a.*, t.typtype, t.typcategory, base.oid AS base, base.typname AS base_name, base.typtype AS base_kind,
        base.typcategory AS base_category, base.typelem AS element,
        format_type(a.atttypid, a.atttypmod) AS type_shown,
        pg_get_expr(d.adbin, d.adrelid) AS default_text
    FROM relation JOIN pg_attribute a ON a.attrelid = relation.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    JOIN LATERAL (
        WITH RECURSIVE under AS (
            SELECT t.oid, t.typtype, t.typbasetype
            UNION ALL
            SELECT below.oid, below.typtype, below.typbasetype
            FROM under JOIN pg_type below ON below.oid = under.typbasetype WHERE under.typtype = 'd')
        SELECT pg_type.* FROM under JOIN pg_type ON pg_type.oid = under.oid WHERE under.typtype <> 'd'
    ) base ON true
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
), unique_indexes AS (
    SELECT i.indkey, i.indnkeyatts, i.indisprimary, i.indexrelid
    FROM relation JOIN pg_index i ON i.indrelid = relation.oid
    WHERE i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL AND i.indexprs IS NULL
      AND NOT EXISTS (
        SELECT FROM unnest(i.indkey[0:i.indnkeyatts - 1]) AS part JOIN columns ON columns.attnum = part
        WHERE NOT columns.attnotnull)
    ORDER BY NOT i.indisprimary, i.indnkeyatts, i.indexrelid LIMIT 1
), foreign_keys AS (
    SELECT con.conname, con.conrelid, con.confrelid, con.conkey, con.confkey
    FROM relation JOIN pg_constraint con ON con.contype = 'f' AND con.conparentid = 0
      AND relation.oid IN (con.conrelid, con.confrelid)
)
SELECT json_build_object(
    'kind', relation.relkind,
    'comment', obj_description(relation.oid, 'pg_class'),
    'rows', CASE
        WHEN relation.relkind = 'p' THEN (
            SELECT sum(greatest(leaf.reltuples, 0))::bigint FROM pg_partition_tree(relation.oid) tree
            JOIN pg_class leaf ON leaf.oid = tree.relid WHERE tree.isleaf AND leaf.reltuples >= 0)
        WHEN relation.relkind IN ('r', 'm') AND relation.reltuples >= 0 THEN relation.reltuples::bigint END,
    'columns', (SELECT coalesce(json_agg(json_build_object(
        'name', columns.attname,
        'type_name', (SELECT quote_ident(n.nspname) || '.' || quote_ident(t.typname)
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid = columns.atttypid),
        'type_shown', columns.type_shown,
        'editor', CASE
            WHEN columns.base_kind = 'e' THEN 'enum'
            WHEN columns.base_category = 'A' THEN 'array'
            WHEN columns.base_category = 'N' THEN 'number'
            WHEN columns.base_category = 'B' THEN 'boolean'
            WHEN columns.base_name IN ('json', 'jsonb') THEN 'json'
            WHEN columns.base_name = 'bytea' THEN 'bytes'
            WHEN columns.base_name = 'uuid' THEN 'uuid'
            WHEN columns.base_name = 'date' THEN 'date'
            WHEN columns.base_name IN ('time', 'timetz') THEN 'time'
            WHEN columns.base_name IN ('timestamp', 'timestamptz') THEN 'timestamp'
            WHEN columns.base_category = 'S' THEN 'text'
            ELSE 'other' END,
        'required', columns.attnotnull,
        'default', coalesce(columns.default_text, CASE WHEN columns.attidentity = 'd' THEN 'identity' END),
        'generated', columns.attgenerated <> '' OR columns.attidentity = 'a',
        'ordered', EXISTS (
            SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod AND m.amname = 'btree'
            WHERE o.opcdefault AND o.opcintype = CASE
                WHEN columns.base_category = 'A' THEN 'anyarray'::regtype
                WHEN columns.base_kind = 'e' THEN 'anyenum'::regtype
                WHEN columns.base_kind = 'r' THEN 'anyrange'::regtype
                WHEN columns.base_kind = 'm' THEN 'anymultirange'::regtype
                WHEN columns.base_kind = 'c' THEN 'record'::regtype
                WHEN columns.base_name = 'varchar' THEN 'text'::regtype
                ELSE columns.base END),
        'indexed', EXISTS (
            SELECT FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am m ON m.oid = ic.relam
            WHERE i.indrelid = relation.oid AND m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL
              AND i.indkey[0] = columns.attnum),
        'labels', CASE WHEN columns.base_kind = 'e' THEN (
            SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid = columns.base) END,
        'comment', col_description(relation.oid, columns.attnum)
    ) ORDER BY columns.attnum), '[]') FROM columns),
    'key', (SELECT json_agg(columns.attname ORDER BY part.place)
        FROM unique_indexes, unnest(unique_indexes.indkey[0:unique_indexes.indnkeyatts - 1])
            WITH ORDINALITY AS part (number, place)
        JOIN columns ON columns.attnum = part.number),
    'references', (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'schema', n.nspname, 'table', c.relname,
            'own', (SELECT json_agg(a.attname ORDER BY part.place) FROM unnest(k.conkey) WITH ORDINALITY AS part (number, place)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number),
            'theirs', (SELECT json_agg(a.attname ORDER BY part.place) FROM unnest(k.confkey) WITH ORDINALITY AS part (number, place)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = part.number)) ORDER BY k.conname), '[]')
        FROM foreign_keys k JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.conrelid = relation.oid),
    'referenced', (SELECT coalesce(json_agg(json_build_object('name', k.conname, 'schema', n.nspname, 'table', c.relname,
            'own', (SELECT json_agg(a.attname ORDER BY part.place) FROM unnest(k.confkey) WITH ORDINALITY AS part (number, place)
                JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = part.number),
            'theirs', (SELECT json_agg(a.attname ORDER BY part.place) FROM unnest(k.conkey) WITH ORDINALITY AS part (number, place)
                JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = part.number)) ORDER BY c.relname, k.conname), '[]')
        FROM foreign_keys k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE k.confrelid = relation.oid)
)::text FROM relation
