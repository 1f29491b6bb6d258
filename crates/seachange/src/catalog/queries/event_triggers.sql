SELECT t.oid::int8 AS oid, t.evtname AS name, t.evtevent AS event, coalesce(t.evttags, '{}') AS tags,
    t.evtfoid::regprocedure::text AS function, t.evtenabled AS enabled,
    (
        SELECT description FROM pg_description
        WHERE classoid = 'pg_event_trigger'::regclass AND objoid = t.oid AND objsubid = 0
    ) AS comment
FROM pg_event_trigger t
WHERE t.oid NOT IN (SELECT objid FROM member WHERE classid = 'pg_event_trigger'::regclass)
