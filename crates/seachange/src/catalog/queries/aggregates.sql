-- PostgreSQL deparses no aggregate. Parameters in the order of the manual's CREATE AGGREGATE, each
-- only where it differs from what leaving it out would give.
SELECT p.oid::int8 AS oid,
    format('CREATE AGGREGATE %I.%I(%s) (', n.nspname, p.proname,
        CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END)
    || E'\n    ' || concat_ws(E',\n    ',
        'SFUNC = ' || a.aggtransfn::text,
        'STYPE = ' || format_type(a.aggtranstype, NULL),
        'SSPACE = ' || nullif(a.aggtransspace, 0),
        'FINALFUNC = ' || nullif(a.aggfinalfn::oid, 0)::regproc::text,
        CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
        'FINALFUNC_MODIFY = ' || CASE WHEN a.aggfinalmodify <> usual.modify
            THEN CASE a.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                WHEN 'w' THEN 'READ_WRITE' END END,
        'COMBINEFUNC = ' || nullif(a.aggcombinefn::oid, 0)::regproc::text,
        'SERIALFUNC = ' || nullif(a.aggserialfn::oid, 0)::regproc::text,
        'DESERIALFUNC = ' || nullif(a.aggdeserialfn::oid, 0)::regproc::text,
        'INITCOND = ' || quote_literal(a.agginitval),
        'MSFUNC = ' || nullif(a.aggmtransfn::oid, 0)::regproc::text,
        'MINVFUNC = ' || nullif(a.aggminvtransfn::oid, 0)::regproc::text,
        'MSTYPE = ' || format_type(nullif(a.aggmtranstype, 0), NULL),
        'MSSPACE = ' || nullif(a.aggmtransspace, 0),
        'MFINALFUNC = ' || nullif(a.aggmfinalfn::oid, 0)::regproc::text,
        CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
        'MFINALFUNC_MODIFY = ' || CASE WHEN a.aggmtransfn::oid <> 0 AND a.aggmfinalmodify <> usual.modify
            THEN CASE a.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                WHEN 'w' THEN 'READ_WRITE' END END,
        'MINITCOND = ' || quote_literal(a.aggminitval),
        'SORTOP = ' || 'OPERATOR(' || quote_ident(on_.nspname) || '.' || o.oprname || ')',
        'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
        CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END
    ) || E'\n)' AS definition
FROM pg_aggregate a
JOIN pg_proc p ON p.oid = a.aggfnoid
JOIN namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_operator o ON o.oid = a.aggsortop
LEFT JOIN pg_namespace on_ ON on_.oid = o.oprnamespace
CROSS JOIN LATERAL (
    SELECT (CASE WHEN a.aggkind = 'n' THEN 'r' ELSE 'w' END)::"char" AS modify
) usual
WHERE p.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_proc'::regclass)
