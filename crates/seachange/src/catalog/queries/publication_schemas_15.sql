SELECT p.oid::int8 AS oid, p.pnpubid::int8 AS publication, n.nspname AS schema
FROM pg_publication_namespace p
JOIN namespace n ON n.oid = p.pnnspid
