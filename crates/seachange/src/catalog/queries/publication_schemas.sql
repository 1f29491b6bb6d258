-- Whole schemas can be published from version 15 on.
SELECT NULL AS oid, NULL AS publication, NULL AS schema
WHERE false
