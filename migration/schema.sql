-- The schema after the last migration, for review. Written by `generate`; it is never run.

SET LOCAL check_function_bodies = off;

CREATE TYPE "application_status" AS ENUM ('draft', 'submitted', 'under_review', 'accepted', 'rejected', 'waitlisted');

CREATE TYPE "program_status" AS ENUM ('draft', 'active', 'archived');

CREATE TYPE "review_status" AS ENUM ('pending', 'in_progress', 'completed');

CREATE TYPE "user_role" AS ENUM ('applicant', 'reviewer', 'coordinator');

CREATE OR REPLACE FUNCTION public.refuse_audit_log_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
BEGIN
    RAISE EXCEPTION '% on % refused: the audit log is insert-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation',
              HINT = 'A user with entries in the audit log cannot be deleted; write a new entry to correct an old one.';
END;
$function$;

CREATE TABLE "applications" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "program_id" uuid NOT NULL,
    "applicant_id" uuid NOT NULL,
    "current_stage" integer DEFAULT 0 NOT NULL,
    "status" application_status DEFAULT 'draft'::application_status NOT NULL,
    "data" jsonb DEFAULT '{}'::jsonb NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    "updated_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "applications_pkey" PRIMARY KEY (id),
    CONSTRAINT "applications_program_id_applicant_id_key" UNIQUE (program_id, applicant_id),
    CONSTRAINT "applications_current_stage_check" CHECK ((current_stage >= 0))
);

CREATE TABLE "audit_logs" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "user_id" uuid NOT NULL,
    "action" text NOT NULL,
    "resource" text NOT NULL,
    "resource_id" uuid,
    "metadata" jsonb,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "audit_logs_pkey" PRIMARY KEY (id)
);

CREATE TABLE "comments" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "application_id" uuid NOT NULL,
    "author_id" uuid,
    "content" text NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "comments_pkey" PRIMARY KEY (id)
);

CREATE TABLE "files" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "application_id" uuid NOT NULL,
    "filename" text NOT NULL,
    "url" text NOT NULL,
    "uploaded_by" uuid NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "files_pkey" PRIMARY KEY (id)
);

CREATE TABLE "programs" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "name" text NOT NULL,
    "description" text NOT NULL,
    "stages" jsonb NOT NULL,
    "rubric" jsonb NOT NULL,
    "export_mapping" jsonb,
    "creator_id" uuid NOT NULL,
    "status" program_status DEFAULT 'draft'::program_status NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "programs_pkey" PRIMARY KEY (id)
);

CREATE TABLE "reviews" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "application_id" uuid NOT NULL,
    "reviewer_id" uuid NOT NULL,
    "scores" jsonb NOT NULL,
    "comments" text,
    "status" review_status DEFAULT 'pending'::review_status NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT "reviews_pkey" PRIMARY KEY (id),
    CONSTRAINT "reviews_application_id_reviewer_id_key" UNIQUE (application_id, reviewer_id)
);

CREATE TABLE "users" (
    "id" uuid DEFAULT gen_random_uuid() NOT NULL,
    "email" text NOT NULL,
    "name" text NOT NULL,
    "role" user_role DEFAULT 'applicant'::user_role NOT NULL,
    "created_at" timestamp with time zone DEFAULT now() NOT NULL,
    "phone_number" text,
    CONSTRAINT "users_pkey" PRIMARY KEY (id),
    CONSTRAINT "users_email_key" UNIQUE (email)
);

ALTER TABLE "applications" ADD CONSTRAINT "fk-applications-applicant_id" FOREIGN KEY (applicant_id) REFERENCES users(id) ON DELETE CASCADE;

ALTER TABLE "applications" ADD CONSTRAINT "fk-applications-program_id" FOREIGN KEY (program_id) REFERENCES programs(id) ON DELETE CASCADE;

ALTER TABLE "audit_logs" ADD CONSTRAINT "fk-audit_logs-user_id" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;

ALTER TABLE "comments" ADD CONSTRAINT "fk-comments-application_id" FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE;

ALTER TABLE "comments" ADD CONSTRAINT "fk-comments-author_id" FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE SET NULL;

ALTER TABLE "files" ADD CONSTRAINT "fk-files-application_id" FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE;

ALTER TABLE "files" ADD CONSTRAINT "fk-files-uploaded_by" FOREIGN KEY (uploaded_by) REFERENCES users(id) ON DELETE CASCADE;

ALTER TABLE "programs" ADD CONSTRAINT "fk-programs-creator_id" FOREIGN KEY (creator_id) REFERENCES users(id) ON DELETE CASCADE;

ALTER TABLE "reviews" ADD CONSTRAINT "fk-reviews-application_id" FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE;

ALTER TABLE "reviews" ADD CONSTRAINT "fk-reviews-reviewer_id" FOREIGN KEY (reviewer_id) REFERENCES users(id) ON DELETE CASCADE;

CREATE INDEX "applications_applicant_id_idx" ON "applications" USING btree (applicant_id);

CREATE INDEX "applications_current_stage_idx" ON "applications" USING btree (current_stage);

CREATE INDEX "applications_program_id_idx" ON "applications" USING btree (program_id);

CREATE INDEX "applications_status_idx" ON "applications" USING btree (status);

CREATE INDEX "audit_logs_created_at_idx" ON "audit_logs" USING btree (created_at);

CREATE INDEX "audit_logs_resource_resource_id_idx" ON "audit_logs" USING btree (resource, resource_id);

CREATE INDEX "audit_logs_user_id_idx" ON "audit_logs" USING btree (user_id);

CREATE INDEX "comments_application_id_idx" ON "comments" USING btree (application_id);

CREATE INDEX "files_application_id_idx" ON "files" USING btree (application_id);

CREATE INDEX "files_uploaded_by_idx" ON "files" USING btree (uploaded_by);

CREATE INDEX "programs_creator_id_idx" ON "programs" USING btree (creator_id);

CREATE INDEX "programs_status_idx" ON "programs" USING btree (status);

CREATE INDEX "reviews_application_id_idx" ON "reviews" USING btree (application_id);

CREATE INDEX "reviews_reviewer_id_idx" ON "reviews" USING btree (reviewer_id);

CREATE INDEX "reviews_status_idx" ON "reviews" USING btree (status);

CREATE INDEX "users_email_idx" ON "users" USING btree (email);

CREATE UNIQUE INDEX "users_email_lower_key" ON "users" USING btree (lower(email));

CREATE INDEX "users_phone_idx" ON "users" USING btree (phone_number);

CREATE INDEX "users_role_idx" ON "users" USING btree (role);

CREATE TRIGGER audit_logs_insert_only BEFORE DELETE OR UPDATE ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION refuse_audit_log_change();

CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON public.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_log_change();
