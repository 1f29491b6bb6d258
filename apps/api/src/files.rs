//! Files of an application: what they are called and where they are kept. The bytes are the store's.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use db::enums::ApplicationStatus;
use db::files;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::applications::{locked, seen};
use crate::audited::{Change, Entry};
use crate::identity::{Applicant, User};
use crate::page::{self, Cursor, Limit, Page};
use crate::problem::{Code, Fault, Problem};
use crate::request::{At, Body, Query};
use crate::{access, openapi};

const FILENAME: usize = 255;
const URL: usize = 2048;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, remove))
}

/// A document.
#[derive(Serialize, ToSchema)]
#[schema(as = File)]
struct Shown {
    #[schema(value_type = openapi::Id)]
    id: Uuid,
    #[schema(value_type = openapi::Id)]
    application_id: Uuid,
    filename: String,
    url: String,
    #[schema(value_type = openapi::Id)]
    uploaded_by: Uuid,
    created_at: DateTime<Utc>,
}

impl From<files::Model> for Shown {
    fn from(row: files::Model) -> Self {
        Self {
            id: row.id,
            application_id: row.application_id,
            filename: row.filename,
            url: row.url,
            uploaded_by: row.uploaded_by,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewFile {
    #[schema(min_length = 1, max_length = 255, example = "resume.pdf")]
    filename: String,
    /// Where the store keeps it.
    #[schema(max_length = 2048, example = "https://files.example.org/1/resume.pdf")]
    url: String,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Filter {
    #[param(value_type = Option<u64>, required = false, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    #[param(value_type = Option<String>, required = false)]
    cursor: Option<Cursor>,
}

/// The files of an application
#[utoipa::path(get, path = "/v1/applications/{id}/files", tag = "files", params(("id" = openapi::Id, Path), Filter),
    responses((status = 200, description = "A page", body = Page<Shown>)))]
async fn list(
    user: User,
    State(app): State<App>,
    At(id): At,
    Query(filter): Query<Filter>,
) -> Result<Json<Page<Shown>>, Problem> {
    seen(&app, &user, id).await?;
    let select = access::files(&user).filter(files::Column::ApplicationId.eq(id));
    let key = (files::Column::CreatedAt, files::Column::Id);
    let select = page::select(select, key, filter.limit, filter.cursor);
    let rows = app.database().all(select).await?;
    let key = |row: &files::Model| (row.created_at, row.id);
    Ok(Json(Page::of(rows, filter.limit, key, Shown::from)))
}

/// One file
#[utoipa::path(get, path = "/v1/files/{id}", tag = "files", params(("id" = openapi::Id, Path)),
    responses((status = 200, description = "It", body = Shown)))]
async fn show(user: User, State(app): State<App>, At(id): At) -> Result<Json<Shown>, Problem> {
    let select = access::files(&user).filter(files::Column::Id.eq(id));
    let row = app.database().one(select).await?;
    let row = row.ok_or_else(|| Problem::not_found("file"))?;
    Ok(Json(row.into()))
}

/// Add a file that the store has; for the applicant
#[utoipa::path(post, path = "/v1/applications/{id}/files", tag = "files", request_body = NewFile,
    params(("id" = openapi::Id, Path)),
    responses((status = 201, description = "Added", body = Shown, headers(("Location" = String)))))]
async fn create(
    Applicant(user): Applicant,
    State(app): State<App>,
    At(id): At,
    Body(new): Body<NewFile>,
) -> Result<Response, Problem> {
    let faults = faults(&new, &app.settings().file_schemes);
    let change = Change::begin(&app, &user).await?;
    let application = locked(&change, &user, id).await?;
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    if application.status == ApplicationStatus::Rejected {
        return Err(Problem::new(
            Code::WrongState,
            "a rejected application stays as it is",
        ));
    }
    let row = change
        .insert(files::ActiveModel {
            application_id: Set(id),
            filename: Set(new.filename),
            url: Set(new.url),
            uploaded_by: Set(user.id()),
            ..Default::default()
        })
        .await?;
    let entry = Entry::new("uploaded", "files", row.id).with(json!({ "filename": row.filename }));
    change.commit(entry).await?;
    let location = [(header::LOCATION, format!("/v1/files/{}", row.id))];
    Ok((StatusCode::CREATED, location, Json(Shown::from(row))).into_response())
}

/// Take a file away that no answer names; for the applicant
#[utoipa::path(delete, path = "/v1/files/{id}", tag = "files", params(("id" = openapi::Id, Path)),
    responses((status = 204, description = "Gone")))]
async fn remove(
    Applicant(user): Applicant,
    State(app): State<App>,
    At(id): At,
) -> Result<StatusCode, Problem> {
    let select = access::files(&user).filter(files::Column::Id.eq(id));
    let missing = || Problem::not_found("file");
    let file = app.database().one(select).await?.ok_or_else(missing)?;
    let change = Change::begin(&app, &user).await?;
    let application = locked(&change, &user, file.application_id).await?;
    let file = change.locked(files::Entity::find_by_id(id)).await?;
    let file = file.ok_or_else(missing)?;
    if application.status == ApplicationStatus::Rejected {
        return Err(Problem::new(
            Code::WrongState,
            "a rejected application stays as it is",
        ));
    }
    let name = Value::String(id.to_string());
    let answers = application.data.as_object();
    if answers.is_some_and(|answers| answers.values().any(|answer| *answer == name)) {
        return Err(Problem::new(Code::WrongState, "an answer names this file"));
    }
    let entry = Entry::new("deleted", "files", id).with(json!({ "filename": file.filename }));
    change.delete(file).await?;
    change.commit(entry).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn faults(new: &NewFile, schemes: &[String]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let name = new.filename.as_str();
    let odd = |c: char| c.is_control() || "/\\<>:\"|?*\u{202e}\u{202d}".contains(c);
    if name.trim().is_empty() || name.chars().count() > FILENAME {
        faults.push(Fault::new("#/filename", "length", "1 to 255 characters"));
    } else if name.contains(odd) || name.starts_with('.') || name.trim() != name {
        let detail = "a plain name, without a path, a leading period or spaces around";
        faults.push(Fault::new("#/filename", "filename", detail));
    }
    let parsed = url::Url::parse(&new.url).ok().filter(|url| {
        let known = schemes.iter().any(|scheme| scheme == url.scheme());
        known && url.has_host() && url.username().is_empty() && url.password().is_none()
    });
    if parsed.is_none() || new.url.len() > URL {
        let detail = format!(
            "an address with {}, a host and no password",
            schemes.join(" or ")
        );
        faults.push(Fault::new("#/url", "url", detail));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(filename: &str, url: &str) -> Vec<&'static str> {
        let new = NewFile {
            filename: filename.to_owned(),
            url: url.to_owned(),
        };
        let faults = faults(&new, &["https".to_owned()]).into_iter();
        faults.map(|fault| fault.code).collect()
    }

    #[test]
    fn names_are_plain_and_addresses_the_store_s() {
        assert_eq!(
            codes("Résumé 2.pdf", "https://files.example.org/a"),
            [""; 0]
        );
        for name in [
            "../a",
            "a/b",
            "a\\b",
            ".bashrc",
            "a\nb",
            " a",
            "a\u{202e}fdp.exe",
        ] {
            assert_eq!(codes(name, "https://a.org/"), ["filename"], "{name:?}");
        }
        assert_eq!(codes("", "https://a.org/"), ["length"]);
        for url in [
            "http://a.org/",
            "javascript:alert(1)",
            "https://u:p@a.org/",
            "/a",
            "",
        ] {
            assert_eq!(codes("a", url), ["url"], "{url}");
        }
    }
}
