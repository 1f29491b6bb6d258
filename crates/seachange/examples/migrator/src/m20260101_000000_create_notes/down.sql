-- Takes `notes` away, with its rows.

DROP TABLE notes;
