-- add phone number
--
-- + column users.phone_number text (safe)
-- + index users_phone_idx on users (lock)
--     blocks-writes: writers of users wait while the index is built

ALTER TABLE "users" ADD COLUMN "phone_number" text;

CREATE INDEX "users_phone_idx" ON "users" USING btree (phone_number);
