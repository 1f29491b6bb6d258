-- What the model does not have: objects of other kinds, and facts about those that it has.
CREATE TYPE mood AS ENUM ('sad');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN short AS text CONSTRAINT few CHECK (length(VALUE) < 9);
CREATE TABLE base (id int PRIMARY KEY, code text, big bigint GENERATED ALWAYS AS IDENTITY);
CREATE TABLE of_pair OF pair;
CREATE VIEW seen AS SELECT code, id FROM base;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;
CREATE EXTENSION citext;

CREATE CONVERSION latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
CREATE OPERATOR CLASS whole FOR TYPE int USING btree AS OPERATOR 3 ===, FUNCTION 1 btint4cmp(int, int);
CREATE CAST (mood AS text) WITH INOUT AS ASSIGNMENT;
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER far FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE away (a int NOT NULL) SERVER far;
CREATE TEXT SEARCH DICTIONARY words (TEMPLATE = simple);
CREATE TEXT SEARCH CONFIGURATION search (PARSER = "default");
CREATE TYPE shell;
CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE piled (a int) USING pile;

CREATE INDEX base_lower ON base (lower(code));
ALTER INDEX base_lower ALTER COLUMN 1 SET STATISTICS 7;
ALTER VIEW seen ALTER code SET DEFAULT 'x';
ALTER FUNCTION touch() DEPENDS ON EXTENSION citext;
CREATE TABLE part (id int) PARTITION BY LIST (id);
CREATE TABLE part_1 PARTITION OF part FOR VALUES IN (1);
CREATE TRIGGER parted AFTER INSERT ON part FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE part_1 DISABLE TRIGGER parted;

COMMENT ON INDEX base_pkey IS 'the key';
COMMENT ON SEQUENCE base_big_seq IS 'counts';

-- Passed on by somebody other than the owner; and on a kind that the model does not have.
GRANT USAGE ON FOREIGN SERVER far TO pg_monitor;
GRANT SELECT ON away TO pg_monitor;
GRANT SELECT ON of_pair TO pg_monitor WITH GRANT OPTION;
SET ROLE pg_monitor;
GRANT SELECT ON of_pair TO pg_read_all_stats;
RESET ROLE;
