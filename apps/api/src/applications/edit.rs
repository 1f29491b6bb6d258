//! An applicant begins, answers, and takes back what was not handed in.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::Utc;
use db::enums::{ApplicationStatus, ProgramStatus};
use db::json::Stage;
use db::{applications, files, programs};
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Shown, locked};
use crate::app::App;
use crate::audited::{Change, Entry};
use crate::etag::{ETag, IfMatch};
use crate::identity::Applicant;
use crate::problem::{Code, Fault, Problem};
use crate::request::{At, Body};
use crate::{access, answers, openapi};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewApplication {
    #[schema(value_type = openapi::Id)]
    program_id: Uuid,
}

/// Answers by field id, put over those that are there; null takes one away.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApplicationChange {
    #[schema(value_type = Object, example = json!({"full_name": "Ada Example"}))]
    data: Map<String, Value>,
}

/// Begin an application; for applicants
#[utoipa::path(post, path = "/v1/applications", tag = "applications", request_body = NewApplication,
    responses((status = 201, description = "Begun", body = Shown, headers(("ETag" = String), ("Location" = String)))))]
pub(super) async fn create(
    Applicant(user): Applicant,
    State(app): State<App>,
    Body(new): Body<NewApplication>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let select = access::programs(&user).filter(programs::Column::Id.eq(new.program_id));
    // Nobody closes it meanwhile.
    match change.kept(select).await? {
        Some(program) if program.status == ProgramStatus::Active => {}
        Some(_) => return Err(closed()),
        None => {
            let fault = Fault::new("#/program_id", "unknown", "there is no such program");
            return Err(Problem::invalid(vec![fault]));
        }
    }
    let row = change
        .insert(applications::ActiveModel {
            program_id: Set(new.program_id),
            applicant_id: Set(user.id()),
            ..Default::default()
        })
        .await?;
    change
        .commit(Entry::new("created", "applications", row.id))
        .await?;
    let location = [(header::LOCATION, format!("/v1/applications/{}", row.id))];
    let tag = ETag::of(&row);
    Ok(tag.on((StatusCode::CREATED, location, Json(Shown::from(row))).into_response()))
}

/// Answer; for the applicant
#[utoipa::path(patch, path = "/v1/applications/{id}", tag = "applications", request_body = ApplicationChange,
    params(("id" = openapi::Id, Path), ("If-Match" = String, Header, description = "The `ETag` of what you read")),
    responses((status = 200, description = "Answered", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn edit(
    Applicant(user): Applicant,
    State(app): State<App>,
    At(id): At,
    expected: IfMatch,
    Body(sent): Body<ApplicationChange>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, &user, id).await?;
    expected.holds(&ETag::of(&row))?;
    let program = program(&change, &row).await?;
    let open = open(&row, &program.stages.0)?;
    let faults = answers::faults(&sent.data, open, &file_ids(&change, id).await?);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let fields: Vec<String> = sent.data.keys().cloned().collect();
    let answered = answers::merged(given(&row), sent.data);
    let mut next = row.into_active_model();
    next.data = Set(Value::Object(answered));
    next.updated_at = Set(Utc::now());
    let row = change.update(next).await?;
    // Which fields, and never what they say.
    let entry = Entry::new("updated", "applications", id).with(json!({ "fields": fields }));
    change.commit(entry).await?;
    Ok(ETag::of(&row).on(Json(Shown::from(row))))
}

/// Take a draft back; for the applicant
#[utoipa::path(delete, path = "/v1/applications/{id}", tag = "applications", params(("id" = openapi::Id, Path)),
    responses((status = 204, description = "Gone")))]
pub(super) async fn withdraw(
    Applicant(user): Applicant,
    State(app): State<App>,
    At(id): At,
) -> Result<StatusCode, Problem> {
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, &user, id).await?;
    if row.status != ApplicationStatus::Draft {
        return Err(Problem::new(Code::WrongState, "what was handed in stays"));
    }
    let metadata = json!({ "program_id": row.program_id });
    change.delete(row).await?;
    let entry = Entry::new("deleted", "applications", id).with(metadata);
    change.commit(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The stages whose fields can be answered: of a draft up to the current one; after that the current one alone, since
/// what was handed in is being read.
fn open<'a>(row: &applications::Model, stages: &'a [Stage]) -> Result<&'a [Stage], Problem> {
    let current = current(row, stages);
    match row.status {
        ApplicationStatus::Draft => Ok(&stages[..(current + 1).min(stages.len())]),
        ApplicationStatus::Rejected => Err(Problem::new(
            Code::WrongState,
            "a rejected application stays as it is",
        )),
        ApplicationStatus::Submitted
        | ApplicationStatus::UnderReview
        | ApplicationStatus::Waitlisted
        | ApplicationStatus::Accepted => Ok(stages.get(current..=current).unwrap_or_default()),
    }
}

pub(super) fn current(row: &applications::Model, stages: &[Stage]) -> usize {
    usize::try_from(row.current_stage)
        .unwrap_or(0)
        .min(stages.len())
}

pub(super) fn given(row: &applications::Model) -> Map<String, Value> {
    row.data.as_object().cloned().unwrap_or_default()
}

pub(super) async fn program(
    change: &Change,
    row: &applications::Model,
) -> Result<programs::Model, Problem> {
    let program = change
        .kept(programs::Entity::find_by_id(row.program_id))
        .await?;
    program.ok_or_else(|| Problem::not_found("application"))
}

pub(super) async fn file_ids(change: &Change, id: Uuid) -> Result<BTreeSet<Uuid>, Problem> {
    let select = files::Entity::find().filter(files::Column::ApplicationId.eq(id));
    let rows = change.all(select).await?;
    Ok(rows.into_iter().map(|file| file.id).collect())
}

pub(super) fn closed() -> Problem {
    Problem::new(Code::WrongState, "the program takes no applications")
}
