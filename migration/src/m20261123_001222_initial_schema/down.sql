-- undoes: initial schema
--
-- - table audit_logs (data loss)
--     drops-data: drops audit_logs and all its rows; if it was renamed, say so with `--rename`
-- - table comments (data loss)
--     drops-data: drops comments and all its rows; if it was renamed, say so with `--rename`
-- - table files (data loss)
--     drops-data: drops files and all its rows; if it was renamed, say so with `--rename`
-- - table reviews (data loss)
--     drops-data: drops reviews and all its rows; if it was renamed, say so with `--rename`
-- - table applications (data loss)
--     drops-data: drops applications and all its rows; if it was renamed, say so with `--rename`
-- - table programs (data loss)
--     drops-data: drops programs and all its rows; if it was renamed, say so with `--rename`
-- - table users (data loss)
--     drops-data: drops users and all its rows; if it was renamed, say so with `--rename`
-- - function refuse_audit_log_change() (safe)
-- - enum application_status (safe)
-- - enum program_status (safe)
-- - enum review_status (safe)
-- - enum user_role (safe)

DROP TABLE "audit_logs";

DROP TABLE "comments";

DROP TABLE "files";

DROP TABLE "reviews";

DROP TABLE "applications";

DROP TABLE "programs";

DROP TABLE "users";

DROP FUNCTION "refuse_audit_log_change"();

DROP TYPE "application_status";

DROP TYPE "program_status";

DROP TYPE "review_status";

DROP TYPE "user_role";
