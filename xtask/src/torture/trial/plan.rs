//! The migrations that are disturbed: all kinds of statements, and after each something that shows how often it
//! was carried out.

/// 8,000 rows. `effects` gets a row a statement; each backfill counts in `touched` and `counted`.
pub(super) const BEFORE: &str = "\
CREATE TABLE effects (n int NOT NULL);
CREATE TABLE items (id bigint PRIMARY KEY, code text NOT NULL, name text, amount int NOT NULL);
CREATE TABLE notes (id bigint PRIMARY KEY, item_id bigint NOT NULL REFERENCES items, body text NOT NULL);
INSERT INTO items SELECT id, 'c' || id, 'name ' || id % 97, id % 1000 FROM generate_series(1, 4000) AS id;
INSERT INTO notes SELECT id, 1 + id % 4000, 'body ' || id FROM generate_series(1, 4000) AS id;
CREATE INDEX items_old ON items (name);
";

const FIRST: &str = "\
-- In a transaction.
CREATE TABLE owners (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO owners SELECT DISTINCT 1 + id % 97, 'owner ' || 1 + id % 97 FROM items;
ALTER TABLE items ADD COLUMN owner_id bigint;
ALTER TABLE items ADD COLUMN touched int NOT NULL DEFAULT 0;
ALTER TABLE notes ADD COLUMN counted int NOT NULL DEFAULT 0;
INSERT INTO effects VALUES (1);
";

const SECOND: &str = "\
-- Everything that a file can hold.
-- seachange: no-transaction

SET work_mem = '5MB';
INSERT INTO effects VALUES (20);
CREATE INDEX CONCURRENTLY items_amount ON items (amount);
INSERT INTO effects SELECT 21 WHERE current_setting('work_mem') = '5MB';
-- seachange: backfill by id, 250 rows
UPDATE items SET touched = touched + 1, owner_id = 1 + id % 97;
INSERT INTO effects VALUES (22);
BEGIN;
ALTER TABLE items ADD CONSTRAINT items_owner_fkey FOREIGN KEY (owner_id) REFERENCES owners NOT VALID;
INSERT INTO effects VALUES (23);
COMMIT;
ALTER TABLE items VALIDATE CONSTRAINT items_owner_fkey;
CREATE UNIQUE INDEX CONCURRENTLY items_code_key ON items (code);
BEGIN;
ALTER TABLE items ADD CONSTRAINT items_code_key UNIQUE USING INDEX items_code_key;
INSERT INTO effects VALUES (24);
COMMIT;
CREATE INDEX CONCURRENTLY items_new ON items (name, amount);
DROP INDEX CONCURRENTLY items_old;
ALTER INDEX items_new RENAME TO items_old;
INSERT INTO effects VALUES (25);
";

const THIRD: &str = "\
-- In a transaction, over all rows.
UPDATE notes SET body = body || '.';
CREATE INDEX notes_item ON notes (item_id);
INSERT INTO effects VALUES (3);
";

const FOURTH: &str = "\
-- A backfill that pauses, and upkeep.
-- seachange: no-transaction

-- seachange: backfill by id, 400 rows, 5ms apart
UPDATE notes SET counted = counted + 1;
INSERT INTO effects VALUES (40);
VACUUM (ANALYZE) notes;
REINDEX INDEX CONCURRENTLY notes_item;
-- seachange: backfill by id, 100 rows
DELETE FROM notes WHERE id % 10 = 0;
INSERT INTO effects VALUES (41);
";

const FIFTH: &str = "\
-- What old code needed.
-- seachange: contract
-- seachange: no-transaction

ALTER TABLE items ADD CONSTRAINT there CHECK (owner_id IS NOT NULL) NOT VALID;
ALTER TABLE items VALIDATE CONSTRAINT there;
BEGIN;
ALTER TABLE items ALTER COLUMN owner_id SET NOT NULL;
ALTER TABLE items DROP CONSTRAINT there;
ALTER TABLE items DROP COLUMN name;
INSERT INTO effects VALUES (5);
COMMIT;
CREATE INDEX CONCURRENTLY items_owner ON items (owner_id);
INSERT INTO effects VALUES (50);
";

/// In their order.
pub(super) fn migrations() -> Vec<(&'static str, String)> {
    [
        ("m20260101_000000_owners", FIRST),
        ("m20260102_000000_everything", SECOND),
        ("m20260103_000000_all_rows", THIRD),
        ("m20260104_000000_upkeep", FOURTH),
        ("m20260105_000000_contract", FIFTH),
    ]
    .map(|(version, up)| (version, up.to_owned()))
    .into()
}
