-- Lets notes be written twice again.

ALTER TABLE notes DROP CONSTRAINT notes_body_key;
ALTER TABLE notes DROP COLUMN checked;
