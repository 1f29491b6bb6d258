-- Objects of kinds that the model does not have. Their kind and name are what PostgreSQL calls them;
-- the definition is no SQL, it only has to differ where two differ, so it holds names and no oids.
SELECT i.type AS kind, i.identity AS name, nullif(found.definition, '') AS definition
FROM (
    -- Only these columns may be read by everybody.
    SELECT 'pg_subscription'::regclass AS class, oid,
        concat_ws(' ', array_to_string(subpublications, ','), subslotname, 'enabled', subenabled)
        AS definition
    FROM pg_subscription
    WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
    UNION ALL
    SELECT 'pg_conversion'::regclass, oid, concat_ws(' ',
        pg_encoding_to_char(conforencoding), 'to', pg_encoding_to_char(contoencoding),
        'from', conproc, 'default', condefault)
    FROM pg_conversion
    UNION ALL
    SELECT 'pg_operator'::regclass, oid, concat_ws(' ', oprcode, 'commutator', oprcom::regoperator,
        'negator', oprnegate::regoperator, 'restrict', oprrest, 'join', oprjoin,
        'hashes', oprcanhash, 'merges', oprcanmerge)
    FROM pg_operator
    UNION ALL
    SELECT 'pg_opclass'::regclass, oid, concat_ws(' ', 'for', format_type(opcintype, NULL),
        'default', opcdefault, 'storage ' || format_type(nullif(opckeytype, 0), NULL))
    FROM pg_opclass
    UNION ALL
    SELECT 'pg_opfamily'::regclass, f.oid, concat_ws(' ', (
        SELECT string_agg(concat_ws(' ', amopstrategy, amopopr::regoperator), ', '
            ORDER BY amopstrategy, amopopr::regoperator::text)
        FROM pg_amop
        WHERE amopfamily = f.oid
    ), (
        SELECT string_agg(concat_ws(' ', amprocnum, amproc::regprocedure), ', '
            ORDER BY amprocnum, amproc::regprocedure::text)
        FROM pg_amproc
        WHERE amprocfamily = f.oid
    ))
    FROM pg_opfamily f
    WHERE f.oid >= 16384
    UNION ALL
    SELECT 'pg_cast'::regclass, oid,
        concat_ws(' ', nullif(castfunc, 0)::regprocedure, castcontext, castmethod)
    FROM pg_cast
    UNION ALL
    SELECT 'pg_foreign_data_wrapper'::regclass, oid, concat_ws(' ', nullif(fdwhandler, 0)::regproc,
        nullif(fdwvalidator, 0)::regproc, array_to_string(fdwoptions, ', '))
    FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_foreign_server'::regclass, s.oid,
        concat_ws(' ', fdwname, srvtype, srvversion, array_to_string(srvoptions, ', '))
    FROM pg_foreign_server s
    JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
    UNION ALL
    SELECT 'pg_class'::regclass, f.ftrelid, concat_ws(' ', s.srvname,
        array_to_string(f.ftoptions, ', '), (
            SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
                CASE WHEN attnotnull THEN 'NOT NULL' END, array_to_string(attfdwoptions, ' ')),
                ', ' ORDER BY attnum)
            FROM pg_attribute
            WHERE attrelid = f.ftrelid AND attnum > 0 AND NOT attisdropped
        ))
    FROM pg_foreign_table f
    JOIN pg_foreign_server s ON s.oid = f.ftserver
    UNION ALL
    SELECT 'pg_ts_config'::regclass, c.oid, concat_ws(' ', p.prsname, (
        SELECT string_agg(concat_ws(' ', maptokentype, mapdict::regdictionary), ', '
            ORDER BY maptokentype, mapseqno)
        FROM pg_ts_config_map
        WHERE mapcfg = c.oid
    ))
    FROM pg_ts_config c
    JOIN pg_ts_parser p ON p.oid = c.cfgparser
    WHERE c.oid >= 16384
    UNION ALL
    SELECT 'pg_ts_dict'::regclass, d.oid, concat_ws(' ', t.tmplname, d.dictinitoption)
    FROM pg_ts_dict d
    JOIN pg_ts_template t ON t.oid = d.dicttemplate
    UNION ALL
    SELECT 'pg_ts_parser'::regclass, oid,
        concat_ws(' ', prsstart, prstoken, prsend, prsheadline, prslextype)
    FROM pg_ts_parser
    UNION ALL
    SELECT 'pg_ts_template'::regclass, oid, concat_ws(' ', tmplinit, tmpllexize)
    FROM pg_ts_template
    UNION ALL
    SELECT 'pg_language'::regclass, oid, concat_ws(' ', lanplcallfoid::regproc, 'trusted', lanpltrusted)
    FROM pg_language
    UNION ALL
    SELECT 'pg_transform'::regclass, oid,
        concat_ws(' ', trffromsql::oid::regprocedure, trftosql::oid::regprocedure)
    FROM pg_transform
    UNION ALL
    SELECT 'pg_am'::regclass, oid, concat_ws(' ', amtype, amhandler)
    FROM pg_am
    UNION ALL
    -- Base types and shells; an array type hangs on its element.
    SELECT 'pg_type'::regclass, t.oid, concat_ws(' ', typinput, typoutput, typreceive, typsend,
        typmodin, typmodout, typanalyze, 'length', typlen, 'align', typalign, 'storage', typstorage,
        'byvalue', typbyval, 'category', typcategory, 'preferred', typispreferred,
        'default', typdefault, 'delimiter', typdelim)
    FROM pg_type t
    WHERE t.typtype IN ('b', 'p')
      AND NOT EXISTS (SELECT FROM pg_type element WHERE element.typarray = t.oid)
) found
CROSS JOIN LATERAL pg_identify_object(found.class, found.oid, 0) i
WHERE found.oid >= 16384
  AND (i.schema IS NULL OR i.schema !~ '^pg_(toast_)?temp')
  AND (found.class, found.oid) NOT IN (SELECT classid, objid FROM member)
  -- The cast from a range type to its multirange is a part of the type.
  AND (found.class, found.oid) NOT IN (
      SELECT classid, objid FROM pg_depend WHERE objid >= 16384 AND deptype = 'i'
  )
