-- A reviewer changes the review that is there instead of weighing twice.
ALTER TABLE reviews
    ADD CONSTRAINT reviews_application_id_reviewer_id_key UNIQUE (application_id, reviewer_id);
