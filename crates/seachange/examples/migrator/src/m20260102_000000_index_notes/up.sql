-- Indexes `notes` without keeping anybody from writing to it.
-- seachange: no-transaction

CREATE INDEX CONCURRENTLY notes_body_idx ON notes (body);
ANALYZE notes;
