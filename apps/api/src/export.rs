//! A program's roster as CSV, by its export mapping: page by page from the database as the client takes it, so that
//! neither the rows are all in memory nor a slow client holds a connection.

mod cell;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use db::{applications, programs, users};
use futures_util::stream;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::audited::{Change, Entry};
use crate::definition::each;
use crate::identity::Coordinator;
use crate::openapi;
use crate::problem::{Code, Problem};
use crate::request::At;

pub(crate) use cell::Source;

/// Rows read at a time.
const ROWS: u64 = 500;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(roster))
}

/// A program's applications as CSV; for coordinators
#[utoipa::path(get, path = "/v1/programs/{id}/roster.csv", tag = "programs", params(("id" = openapi::Id, Path)),
    responses(
        (status = 200, description = "The roster, oldest first", body = String, content_type = "text/csv; charset=utf-8",
            headers(("Content-Disposition" = String))),
        (status = 409, description = "`wrong-state`: the program has no export mapping", body = crate::problem::Body,
            content_type = "application/problem+json"),
    ))]
async fn roster(
    Coordinator(user): Coordinator,
    State(app): State<App>,
    At(id): At,
) -> Result<Response, Problem> {
    let change = Change::begin(&app, &user).await?;
    let program = change.kept(programs::Entity::find_by_id(id)).await?;
    let program = program.ok_or_else(|| Problem::not_found("program"))?;
    let mapping = program
        .export_mapping
        .filter(|mapping| !mapping.0.is_empty());
    let mapping = mapping
        .ok_or_else(|| Problem::new(Code::WrongState, "the program has no export mapping"))?;
    let stages = each(program.stages.0);
    let columns: Vec<(String, Source)> = mapping
        .0
        .into_iter()
        .filter_map(|(column, path)| Some((column, Source::of(&path, &stages)?)))
        .collect();
    // Personal data leave the house: that is in the log before the first of them does.
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let entry = Entry::new("exported", "programs", id).with(json!({ "columns": names }));
    let head = cell::line(names.iter().map(|name| (*name).to_owned()));
    change.commit(entry).await?;
    let file = format!("attachment; filename=\"roster-{}.csv\"", id.simple());
    let rows = Rows {
        app,
        program: id,
        columns,
        place: Place::Head(head),
    };
    let body = Body::from_stream(stream::try_unfold(rows, Rows::next));
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, file),
    ];
    Ok((headers, body).into_response())
}

struct Rows {
    app: App,
    program: Uuid,
    columns: Vec<(String, Source)>,
    place: Place,
}

enum Place {
    Head(Bytes),
    Behind(Option<(chrono::DateTime<chrono::Utc>, Uuid)>),
    End,
}

/// The client sees the connection end early, and the log why.
#[derive(Debug, thiserror::Error)]
#[error("the roster could not be read to its end")]
struct Broken;

impl Rows {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Broken> {
        match std::mem::replace(&mut self.place, Place::End) {
            Place::End => Ok(None),
            Place::Head(head) => {
                self.place = Place::Behind(None);
                Ok(Some((head, self)))
            }
            Place::Behind(last) => self.rows(last).await,
        }
    }

    async fn rows(
        mut self,
        last: Option<(chrono::DateTime<chrono::Utc>, Uuid)>,
    ) -> Result<Option<(Bytes, Self)>, Broken> {
        use applications::Column::{CreatedAt, Id, ProgramId};
        let mut select = applications::Entity::find()
            .find_also_related(users::Entity)
            .filter(ProgramId.eq(self.program))
            .order_by(CreatedAt, Order::Asc)
            .order_by(Id, Order::Asc)
            .limit(ROWS);
        if let Some((created_at, id)) = last {
            let key = [CreatedAt, Id].map(|column| Expr::col(column.as_column_ref()));
            let behind = Expr::tuple([Expr::value(created_at), Expr::value(id)]);
            select = select.filter(Expr::tuple(key).gt(behind));
        }
        let rows = self.app.database().pairs(select).await;
        let rows = rows.map_err(|problem| {
            tracing::error!(code = problem.code().as_str(), "an export broke off");
            Broken
        })?;
        let Some((row, _)) = rows.last() else {
            return Ok(None);
        };
        self.place = Place::Behind(Some((row.created_at, row.id)));
        let mut text = Vec::new();
        for (row, applicant) in &rows {
            let cells = self.columns.iter();
            let cells = cells.map(|(_, source)| source.cell(row, applicant.as_ref()));
            text.extend_from_slice(&cell::line(cells));
        }
        Ok(Some((text.into(), self)))
    }
}
