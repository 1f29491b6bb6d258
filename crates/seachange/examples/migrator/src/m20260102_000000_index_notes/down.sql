-- Takes the index away.

DROP INDEX notes_body_idx;
