//! Rows that the tests start from: a coordinator, a reviewer, an applicant, a program and an
//! application to it.

use db::enums::UserRole;
use db::json::{Rubric, Scores, Stages};
use db::{applications, audit_logs, comments, files, programs, reviews, users};
use sea_orm::{ActiveModelTrait, DatabaseConnection, Set};

pub(crate) struct Rows {
    pub(crate) coordinator: users::Model,
    pub(crate) reviewer: users::Model,
    pub(crate) applicant: users::Model,
    pub(crate) program: programs::Model,
    pub(crate) application: applications::Model,
}

impl Rows {
    pub(crate) async fn insert(connection: &DatabaseConnection) -> Self {
        let coordinator = user("coordinator@example.org", UserRole::Coordinator)
            .insert(connection)
            .await
            .expect("inserts the coordinator");
        let reviewer = user("reviewer@example.org", UserRole::Reviewer)
            .insert(connection)
            .await
            .expect("inserts the reviewer");
        let applicant = user("applicant@example.org", UserRole::Applicant)
            .insert(connection)
            .await
            .expect("inserts the applicant");
        let program = programs::ActiveModel {
            name: Set("Shadowing".to_owned()),
            description: Set("Two weeks on a ward".to_owned()),
            stages: Set(Stages::default()),
            rubric: Set(Rubric::default()),
            creator_id: Set(coordinator.id),
            ..Default::default()
        }
        .insert(connection)
        .await
        .expect("inserts the program");
        let application = application(&program, &applicant)
            .insert(connection)
            .await
            .expect("inserts the application");
        Self {
            coordinator,
            reviewer,
            applicant,
            program,
            application,
        }
    }
}

pub(crate) fn user(email: &str, role: UserRole) -> users::ActiveModel {
    users::ActiveModel {
        email: Set(email.to_owned()),
        name: Set("Some One".to_owned()),
        role: Set(role),
        ..Default::default()
    }
}

pub(crate) fn application(
    program: &programs::Model,
    applicant: &users::Model,
) -> applications::ActiveModel {
    applications::ActiveModel {
        program_id: Set(program.id),
        applicant_id: Set(applicant.id),
        ..Default::default()
    }
}

pub(crate) fn review(
    application: &applications::Model,
    reviewer: &users::Model,
    scores: Scores,
) -> reviews::ActiveModel {
    reviews::ActiveModel {
        application_id: Set(application.id),
        reviewer_id: Set(reviewer.id),
        scores: Set(scores),
        ..Default::default()
    }
}

pub(crate) fn file(
    application: &applications::Model,
    uploader: &users::Model,
) -> files::ActiveModel {
    files::ActiveModel {
        application_id: Set(application.id),
        filename: Set("cv.pdf".to_owned()),
        url: Set("https://files.example.org/cv.pdf".to_owned()),
        uploaded_by: Set(uploader.id),
        ..Default::default()
    }
}

pub(crate) fn comment(
    application: &applications::Model,
    author: &users::Model,
) -> comments::ActiveModel {
    comments::ActiveModel {
        application_id: Set(application.id),
        author_id: Set(Some(author.id)),
        content: Set("Ready for the interview".to_owned()),
        ..Default::default()
    }
}

pub(crate) fn audit_log(user: &users::Model) -> audit_logs::ActiveModel {
    audit_logs::ActiveModel {
        user_id: Set(user.id),
        action: Set("login".to_owned()),
        resource: Set("users".to_owned()),
        ..Default::default()
    }
}
