-- Keeps notes from being written twice.
-- Fails when there are such notes already.

ALTER TABLE notes ADD COLUMN checked boolean NOT NULL DEFAULT true;

ALTER TABLE notes
    ADD CONSTRAINT notes_body_key UNIQUE (body);
