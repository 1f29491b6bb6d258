-- undoes: add phone number
--
-- - index users_phone_idx on users (safe)
-- - column users.phone_number text (data loss)
--     drops-data: drops every value of users.phone_number; if it was renamed, say so with `--rename`

DROP INDEX "users_phone_idx";

ALTER TABLE "users" DROP COLUMN "phone_number";
