//! Programs are made, changed, opened and closed. What applicants answer and reviewers score by stays as it is once a
//! program has been opened.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use db::enums::ProgramStatus;
use db::json::{ExportMapping, Rubric, Stages};
use db::programs;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, Set};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::shown::Shown;
use crate::app::App;
use crate::audited::{Change, Entry};
use crate::definition::{self, Criterion, Definition, Stage, each};
use crate::etag::{ETag, IfMatch};
use crate::identity::Coordinator;
use crate::problem::{Code, Fault, Problem};
use crate::request::{At, Body};
use crate::{openapi, transition};

/// A new program, which nobody can apply to yet.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProgram {
    #[schema(min_length = 1, max_length = 200, example = "Shadowing 2027")]
    name: String,
    #[schema(max_length = 20000)]
    description: String,
    stages: Vec<Stage>,
    rubric: Vec<Criterion>,
    /// The path of a field by the column's name.
    #[serde(default)]
    export_mapping: Option<BTreeMap<String, String>>,
}

/// What is to be another; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgramChange {
    #[schema(min_length = 1, max_length = 200)]
    name: Option<String>,
    #[schema(max_length = 20000)]
    description: Option<String>,
    /// Only of a draft.
    stages: Option<Vec<Stage>>,
    /// Only of a draft.
    rubric: Option<Vec<Criterion>>,
    export_mapping: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProgramTransition {
    #[schema(value_type = openapi::ProgramStatus)]
    to: ProgramStatus,
}

/// Make a program; for coordinators
#[utoipa::path(post, path = "/v1/programs", tag = "programs", request_body = NewProgram,
    responses((status = 201, description = "Made", body = Shown, headers(("ETag" = String), ("Location" = String)))))]
pub(super) async fn create(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    Body(new): Body<NewProgram>,
) -> Result<Response, Problem> {
    let definition = Definition {
        stages: new.stages,
        rubric: new.rubric,
        export_mapping: new.export_mapping,
    };
    checked(&new.name, &new.description, &definition)?;
    let change = Change::begin(&app, &user).await?;
    let row = change
        .insert(programs::ActiveModel {
            name: Set(new.name),
            description: Set(new.description),
            stages: Set(Stages(each(definition.stages))),
            rubric: Set(Rubric(each(definition.rubric))),
            export_mapping: Set(definition.export_mapping.map(ExportMapping)),
            creator_id: Set(user.id()),
            ..Default::default()
        })
        .await?;
    change
        .commit(Entry::new("created", "programs", row.id))
        .await?;
    let location = [(header::LOCATION, format!("/v1/programs/{}", row.id))];
    let tag = ETag::of(&row);
    let body = Json(Shown::to(&user, row));
    Ok(tag.on((StatusCode::CREATED, location, body).into_response()))
}

/// Change a program; for coordinators
#[utoipa::path(patch, path = "/v1/programs/{id}", tag = "programs", request_body = ProgramChange,
    params(("id" = openapi::Id, Path), ("If-Match" = String, Header, description = "The `ETag` of what you read")),
    responses((status = 200, description = "Changed", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn edit(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    At(id): At,
    expected: IfMatch,
    Body(sent): Body<ProgramChange>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, id).await?;
    expected.holds(&ETag::of(&row))?;
    let redefined = sent.stages.is_some() || sent.rubric.is_some();
    if redefined && row.status != ProgramStatus::Draft {
        return Err(Problem::new(
            Code::WrongState,
            "stages and rubric of a program that was opened stay as they are",
        ));
    }
    let name = sent.name.unwrap_or_else(|| row.name.clone());
    let description = sent.description.unwrap_or_else(|| row.description.clone());
    let mapping = row.export_mapping.clone().map(|mapping| mapping.0);
    let definition = Definition {
        stages: (sent.stages).unwrap_or_else(|| each(row.stages.0.clone())),
        rubric: (sent.rubric).unwrap_or_else(|| each(row.rubric.0.clone())),
        export_mapping: sent.export_mapping.or(mapping),
    };
    checked(&name, &description, &definition)?;
    let mut next = row.clone().into_active_model();
    next.set_if_not_equals(programs::Column::Name, name.into());
    next.set_if_not_equals(programs::Column::Description, description.into());
    if redefined {
        next.stages = Set(Stages(each(definition.stages)));
        next.rubric = Set(Rubric(each(definition.rubric)));
    }
    next.export_mapping = Set(definition.export_mapping.map(ExportMapping));
    let row = change.update(next).await?;
    change
        .commit(Entry::new("updated", "programs", row.id))
        .await?;
    Ok(ETag::of(&row).on(Json(Shown::to(&user, row))))
}

/// Open or close a program; for coordinators
#[utoipa::path(post, path = "/v1/programs/{id}/transitions", tag = "programs", request_body = ProgramTransition,
    params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "Done", body = Shown, headers(("ETag" = String)))))]
pub(super) async fn transit(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    At(id): At,
    Body(ProgramTransition { to }): Body<ProgramTransition>,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let row = locked(&change, id).await?;
    let from = row.status;
    if !transition::program(from, to) {
        return Err(transition::refused(from, to));
    }
    let mut next = row.into_active_model();
    next.status = Set(to);
    let row = change.update(next).await?;
    let entry =
        Entry::new("status_changed", "programs", id).with(json!({ "from": from, "to": to }));
    change.commit(entry).await?;
    Ok(ETag::of(&row).on(Json(Shown::to(&user, row))))
}

async fn locked(change: &Change, id: uuid::Uuid) -> Result<programs::Model, Problem> {
    let row = change.locked(programs::Entity::find_by_id(id)).await?;
    row.ok_or_else(|| Problem::not_found("program"))
}

fn checked(name: &str, description: &str, definition: &Definition) -> Result<(), Problem> {
    let mut faults = definition::faults(definition);
    if name.trim().is_empty() || name.chars().count() > 200 {
        faults.push(Fault::new("#/name", "length", "1 to 200 characters"));
    }
    if description.chars().count() > 20_000 {
        let detail = "20000 characters at most";
        faults.push(Fault::new("#/description", "length", detail));
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid(faults)),
    }
}
