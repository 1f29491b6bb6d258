-- An e-mail address is one person's whatever its case: mail systems ignore case, people mix it.
-- A constraint can't be over an expression, a unique index can; lookups say lower(email) to use it.
-- users.email is UNIQUE by itself as well: that is what `ON CONFLICT (email)` can name.
CREATE UNIQUE INDEX users_email_lower_key ON users (lower(email));
