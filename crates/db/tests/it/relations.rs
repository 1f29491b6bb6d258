//! Rows through the entities: defaults, relations both ways, typed JSON.

use db::enums::{ApplicationStatus, ProgramStatus, ReviewStatus};
use db::json::{
    Criterion, ExportMapping, Field, FieldType, Rubric, Scale, Scores, Stage, Stages, Validation,
};
use db::{applications, audit_logs, comments, files, programs, reviews, users};
use sea_orm::entity::prelude::*;
use sea_orm::{EntityLoaderTrait, IntoActiveModel, Set, Statement};
use serde_json::json;

use crate::database::TestDatabase;
use crate::rows::{self, Rows};

#[tokio::test]
async fn defaults_are_filled_in() {
    let database = TestDatabase::create().await;
    let rows = Rows::insert(&database.connection).await;
    assert_ne!(rows.coordinator.id, rows.reviewer.id);
    assert_eq!(rows.program.status, ProgramStatus::Draft);
    assert_eq!(rows.program.export_mapping, None);
    assert_eq!(rows.application.status, ApplicationStatus::Draft);
    assert_eq!(rows.application.current_stage, 0);
    assert_eq!(rows.application.data, json!({}));
    assert_eq!(rows.application.created_at, rows.application.updated_at);
    let review = rows::review(&rows.application, &rows.reviewer, Scores::default())
        .insert(&database.connection)
        .await
        .expect("inserts the review");
    assert_eq!(review.status, ReviewStatus::Pending);
}

#[tokio::test]
async fn relations_load_both_ways() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = Rows::insert(connection).await;
    rows::file(&rows.application, &rows.applicant)
        .insert(connection)
        .await
        .expect("inserts the file");
    rows::comment(&rows.application, &rows.reviewer)
        .insert(connection)
        .await
        .expect("inserts the comment");
    rows::review(&rows.application, &rows.reviewer, Scores::default())
        .insert(connection)
        .await
        .expect("inserts the review");
    rows::audit_log(&rows.applicant)
        .insert(connection)
        .await
        .expect("inserts the log entry");

    // Down: from a user and from a program to everything that belongs to them.
    let applicant = users::Entity::load()
        .filter_by_id(rows.applicant.id)
        .with((applications::Entity, files::Entity))
        .with(audit_logs::Entity)
        .one(connection)
        .await
        .expect("loads")
        .expect("the applicant is there");
    assert_eq!(applicant.applications[0].id, rows.application.id);
    assert_eq!(applicant.applications[0].files[0].filename, "cv.pdf");
    assert_eq!(applicant.audit_logs[0].action, "login");
    let reviewer = users::Entity::load()
        .filter_by_id(rows.reviewer.id)
        .with(reviews::Entity)
        .with(comments::Entity)
        .one(connection)
        .await
        .expect("loads")
        .expect("the reviewer is there");
    assert_eq!(reviewer.reviews.len(), 1);
    assert_eq!(reviewer.comments.len(), 1);
    let coordinator = users::Entity::load()
        .filter_by_id(rows.coordinator.id)
        .with((programs::Entity, applications::Entity))
        .one(connection)
        .await
        .expect("loads")
        .expect("the coordinator is there");
    assert_eq!(
        coordinator.programs[0].applications[0].id,
        rows.application.id
    );

    // Up: from an application and its parts to those that they belong to.
    let application = applications::Entity::load()
        .filter_by_id(rows.application.id)
        .with((programs::Entity, users::Entity))
        .with(users::Entity)
        .with((reviews::Entity, users::Entity))
        .with((comments::Entity, users::Entity))
        .with((files::Entity, users::Entity))
        .one(connection)
        .await
        .expect("loads")
        .expect("the application is there");
    let id = |user: Option<&users::ModelEx>| user.map(|user| user.id);
    assert_eq!(id(application.applicant.as_ref()), Some(rows.applicant.id));
    let program = application.program.as_ref().expect("the program is loaded");
    assert_eq!(id(program.creator.as_ref()), Some(rows.coordinator.id));
    assert_eq!(
        id(application.reviews[0].reviewer.as_ref()),
        Some(rows.reviewer.id)
    );
    assert_eq!(
        id(application.comments[0].author.as_ref()),
        Some(rows.reviewer.id)
    );
    assert_eq!(
        id(application.files[0].uploader.as_ref()),
        Some(rows.applicant.id)
    );
}

#[tokio::test]
async fn typed_json_comes_back_as_it_went_in() {
    let database = TestDatabase::create().await;
    let connection = &database.connection;
    let rows = Rows::insert(connection).await;
    let stages = Stages(vec![Stage {
        id: "contact".to_owned(),
        name: "Contact".to_owned(),
        description: "How to reach you".to_owned(),
        order: 1,
        fields: vec![
            Field {
                id: "phone".to_owned(),
                kind: FieldType::Phone,
                label: "Phone".to_owned(),
                required: true,
                placeholder: Some("(555) 000-0000".to_owned()),
                options: None,
                validation: Some(Validation {
                    min: Some(10.0),
                    max: None,
                    pattern: Some(r"^\(\d{3}\)".to_owned()),
                }),
            },
            Field {
                id: "days".to_owned(),
                kind: FieldType::Multiselect,
                label: "Days".to_owned(),
                required: false,
                placeholder: None,
                options: Some(vec!["Mon".to_owned(), "Tue".to_owned()]),
                validation: None,
            },
        ],
    }]);
    let rubric = Rubric(vec![Criterion {
        id: "motivation".to_owned(),
        name: "Motivation".to_owned(),
        description: "Why this program".to_owned(),
        weight: 0.25,
        scale: Scale {
            min: 1.0,
            max: 5.0,
            labels: Some(vec!["weak".to_owned(), "strong".to_owned()]),
        },
    }]);
    let mapping = ExportMapping([("E-mail".to_owned(), "applicant.email".to_owned())].into());
    let mut program = rows.program.clone().into_active_model();
    program.stages = Set(stages.clone());
    program.rubric = Set(rubric.clone());
    program.export_mapping = Set(Some(mapping.clone()));
    program
        .update(connection)
        .await
        .expect("updates the program");
    let scores = Scores([("motivation".to_owned(), 4.5)].into());
    rows::review(&rows.application, &rows.reviewer, scores.clone())
        .insert(connection)
        .await
        .expect("inserts the review");

    let program = programs::Entity::find_by_id(rows.program.id)
        .one(connection)
        .await
        .expect("reads")
        .expect("the program is there");
    assert_eq!(program.stages, stages);
    assert_eq!(program.rubric, rubric);
    assert_eq!(program.export_mapping, Some(mapping));
    let review = reviews::Entity::find()
        .one(connection)
        .await
        .expect("reads")
        .expect("is there");
    assert_eq!(review.scores, scores);

    // And it is the shape that the front end knows, compared by PostgreSQL itself.
    let expected = json!([{
        "id": "contact", "name": "Contact", "description": "How to reach you", "order": 1, "fields": [
            {"id": "phone", "type": "phone", "label": "Phone", "required": true, "placeholder": "(555) 000-0000",
             "validation": {"min": 10, "pattern": "^\\(\\d{3}\\)"}},
            {"id": "days", "type": "multiselect", "label": "Days", "required": false, "options": ["Mon", "Tue"]},
        ],
    }]);
    let same = connection
        .query_one_raw(Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT stages = $1 FROM programs",
            [expected.into()],
        ))
        .await
        .expect("reads")
        .expect("one row")
        .try_get_by_index::<bool>(0)
        .expect("a boolean");
    assert!(same, "{:?}", program.stages);
}
