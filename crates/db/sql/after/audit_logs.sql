-- The audit log is insert-only.
--
-- UPDATE and DELETE are refused row by row, not by the statement: deleting a user runs the foreign
-- key's `DELETE FROM audit_logs WHERE user_id = …` even where that finds no row, and a trigger on the
-- statement would then refuse to delete any user at all. So a user who left no trace can go, and one
-- with entries in the log can't: the foreign key's ON DELETE CASCADE meets this trigger, and the whole
-- deletion is undone. TRUNCATE has no rows; it is refused as such, also when it comes by CASCADE.
CREATE FUNCTION refuse_audit_log_change() RETURNS trigger
    LANGUAGE plpgsql
    -- Nothing that a caller puts on the path is ever looked up here.
    SET search_path = pg_catalog
AS $$
BEGIN
    RAISE EXCEPTION '% on % refused: the audit log is insert-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'A user with entries in the audit log cannot be deleted; write a new entry to correct an old one.';
END;
$$;

CREATE TRIGGER audit_logs_insert_only
    BEFORE UPDATE OR DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_log_change();

CREATE TRIGGER audit_logs_no_truncate
    BEFORE TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();
