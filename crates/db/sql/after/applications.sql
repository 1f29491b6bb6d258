-- A stage is counted from 0. The upper bound is the program's number of stages, which may change
-- while applications are under way, so it is the application's to watch.
ALTER TABLE applications
    ADD CONSTRAINT applications_current_stage_check CHECK (current_stage >= 0);

-- Whoever applies to a program twice edits the application that is there.
ALTER TABLE applications
    ADD CONSTRAINT applications_program_id_applicant_id_key UNIQUE (program_id, applicant_id);
