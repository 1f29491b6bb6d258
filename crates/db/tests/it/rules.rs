//! The rules that belong in the database: each is broken on purpose, and PostgreSQL refuses.

use db::enums::{ApplicationStatus, UserRole};
use db::json::Scores;
use db::{applications, audit_logs, comments, files, programs, reviews, users};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseConnection, IntoActiveModel, Iterable, RuntimeErr, Set};

use crate::database::TestDatabase;
use crate::rows::{self, Rows};

/// SQLSTATE and constraint of a refusal; fails where nothing was refused.
#[track_caller]
fn refusal<T: std::fmt::Debug>(result: Result<T, DbErr>) -> (String, String) {
    let error = result.expect_err("PostgreSQL refuses");
    let (DbErr::Query(RuntimeErr::SqlxError(inner)) | DbErr::Exec(RuntimeErr::SqlxError(inner))) =
        &error
    else {
        panic!("not a refusal by PostgreSQL: {error}");
    };
    let inner = inner
        .as_database_error()
        .unwrap_or_else(|| panic!("{error}"));
    (
        inner.code().unwrap_or_default().into_owned(),
        inner.constraint().unwrap_or_default().to_owned(),
    )
}

fn is(code: &str, constraint: &str) -> (String, String) {
    (code.to_owned(), constraint.to_owned())
}

async fn count<E: EntityTrait>(_: E, connection: &DatabaseConnection) -> u64
where
    E::Model: Sync,
{
    E::find().count(connection).await.expect("counts")
}

#[tokio::test]
async fn a_stage_is_not_negative() {
    let database = TestDatabase::create().await;
    let rows = Rows::insert(&database.connection).await;
    let mut application = rows.application.into_active_model();
    application.current_stage = Set(-1);
    assert_eq!(
        refusal(application.update(&database.connection).await),
        is("23514", "applications_current_stage_check")
    );
}

#[tokio::test]
async fn one_review_by_a_reviewer() {
    let database = TestDatabase::create().await;
    let rows = Rows::insert(&database.connection).await;
    let review = rows::review(&rows.application, &rows.reviewer, Scores::default());
    review
        .clone()
        .insert(&database.connection)
        .await
        .expect("the first");
    assert_eq!(
        refusal(review.insert(&database.connection).await),
        is("23505", "reviews_application_id_reviewer_id_key")
    );
    rows::review(&rows.application, &rows.coordinator, Scores::default())
        .insert(&database.connection)
        .await
        .expect("somebody else's");
}

#[tokio::test]
async fn one_application_by_an_applicant() {
    let database = TestDatabase::create().await;
    let rows = Rows::insert(&database.connection).await;
    let second = rows::application(&rows.program, &rows.applicant);
    assert_eq!(
        refusal(second.insert(&database.connection).await),
        is("23505", "applications_program_id_applicant_id_key")
    );
    rows::application(&rows.program, &rows.reviewer)
        .insert(&database.connection)
        .await
        .expect("somebody else's");
}

#[tokio::test]
async fn an_email_is_unique_whatever_its_case() {
    let database = TestDatabase::create().await;
    Rows::insert(&database.connection).await;
    let same = rows::user("applicant@example.org", UserRole::Applicant);
    assert_eq!(
        refusal(same.insert(&database.connection).await),
        is("23505", "users_email_key")
    );
    let shouted = rows::user("APPLICANT@Example.org", UserRole::Applicant);
    assert_eq!(
        refusal(shouted.insert(&database.connection).await),
        is("23505", "users_email_lower_key")
    );
}

#[tokio::test]
async fn the_audit_log_is_insert_only() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = Rows::insert(connection).await;
    let entry = rows::audit_log(&rows.applicant)
        .insert(connection)
        .await
        .expect("inserts");
    let refused = is("23001", "");

    let mut changed = entry.clone().into_active_model();
    changed.action = Set("nothing happened".to_owned());
    assert_eq!(refusal(changed.update(connection).await), refused);
    assert_eq!(refusal(entry.clone().delete(connection).await), refused);
    for truncate in ["TRUNCATE audit_logs", "TRUNCATE users CASCADE"] {
        assert_eq!(
            refusal(connection.execute_unprepared(truncate).await),
            refused,
            "{truncate}"
        );
    }
    assert_eq!(
        refusal(rows.applicant.delete(connection).await),
        refused,
        "with entries"
    );
    assert_eq!(
        audit_logs::Entity::find()
            .one(connection)
            .await
            .expect("reads"),
        Some(entry)
    );
    assert_eq!(
        count(applications::Entity, connection).await,
        1,
        "undone as a whole"
    );

    rows.reviewer
        .delete(connection)
        .await
        .expect("without entries");
}

#[tokio::test]
async fn deleting_an_application_takes_its_parts_along() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = with_parts(connection).await;
    rows.application.delete(connection).await.expect("deletes");
    assert_eq!(parts(connection).await, [0, 0, 0, 0]);
    assert_eq!(count(users::Entity, connection).await, 3);
}

#[tokio::test]
async fn deleting_a_program_takes_its_applications_along() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = with_parts(connection).await;
    rows.program.delete(connection).await.expect("deletes");
    assert_eq!(parts(connection).await, [0, 0, 0, 0]);
}

#[tokio::test]
async fn deleting_a_user_takes_along_what_is_theirs() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = with_parts(connection).await;

    // The reviewer's review goes, the comment stays without its author.
    rows.reviewer
        .delete(connection)
        .await
        .expect("deletes the reviewer");
    assert_eq!(parts(connection).await, [1, 1, 0, 1]);
    let comment = comments::Entity::find()
        .one(connection)
        .await
        .expect("reads")
        .expect("is there");
    assert_eq!(comment.author_id, None);

    rows.applicant
        .delete(connection)
        .await
        .expect("deletes the applicant");
    assert_eq!(parts(connection).await, [0, 0, 0, 0]);

    rows.coordinator
        .delete(connection)
        .await
        .expect("deletes the coordinator");
    assert_eq!(count(programs::Entity, connection).await, 0);
}

#[tokio::test]
async fn enumerations_take_their_labels_only() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = Rows::insert(connection).await;
    for status in ApplicationStatus::iter() {
        let mut application = rows.application.clone().into_active_model();
        application.status = Set(status);
        let stored = application.update(connection).await.expect("is a label");
        assert_eq!(stored.status, status);
    }
    let unknown = connection
        .execute_unprepared("UPDATE applications SET status = 'lost'")
        .await;
    assert_eq!(refusal(unknown), is("22P02", ""));
}

async fn with_parts(connection: &DatabaseConnection) -> Rows {
    let rows = Rows::insert(connection).await;
    rows::file(&rows.application, &rows.applicant)
        .insert(connection)
        .await
        .expect("inserts");
    rows::comment(&rows.application, &rows.reviewer)
        .insert(connection)
        .await
        .expect("inserts");
    rows::review(&rows.application, &rows.reviewer, Scores::default())
        .insert(connection)
        .await
        .expect("inserts");
    assert_eq!(parts(connection).await, [1, 1, 1, 1]);
    rows
}

/// How many applications, files, reviews and comments there are.
async fn parts(connection: &DatabaseConnection) -> [u64; 4] {
    [
        count(applications::Entity, connection).await,
        count(files::Entity, connection).await,
        count(reviews::Entity, connection).await,
        count(comments::Entity, connection).await,
    ]
}
