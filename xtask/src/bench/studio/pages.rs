//! The pages that are measured, and the SQL that somebody would write by hand to see the same.

use std::time::{Duration, Instant};

use seachange::catalog;
use serde_json::json;
use sqlx::{AssertSqlSafe, PgConnection};

use super::browser::{Browser, pair};
use super::database::{Database, failed};
use super::process::Studio;
use super::report;
use crate::bench::error::BenchError;
use crate::bench::notes::progress;

/// What is asked for before anything is measured: caches are filled, connections there.
const WARMING: u16 = 20;
const TABLE: &str = "/table/public/applications";

/// What was measured on one database.
pub(super) struct Size {
    pub(super) rows: u64,
    pub(super) pages: Vec<Page>,
}

pub(super) struct Page {
    pub(super) title: &'static str,
    pub(super) kind: Kind,
    pub(super) bytes: usize,
    pub(super) studio: Vec<Duration>,
    pub(super) bare: Vec<Duration>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Fifty rows of the large table.
    Rows,
    Other,
}

struct Plan {
    title: &'static str,
    kind: Kind,
    path: String,
    bare: Bare,
}

enum Bare {
    Sql(Vec<String>),
    /// The whole schema, as the engine reads it.
    Catalog,
}

pub(super) async fn measure(
    studio: &mut Studio,
    database: &Database,
    requests: u16,
) -> Result<Size, BenchError> {
    let mut browser = Browser::open(&studio.link()?).await?;
    let mut connection = database.connect().await?;
    let mut pages = Vec::new();
    for plan in plans(database) {
        let rows = report::count(database.rows);
        progress(format_args!("{rows} rows: {}", plan.title));
        let mut page = Page {
            title: plan.title,
            kind: plan.kind,
            bytes: 0,
            studio: Vec::new(),
            bare: Vec::new(),
        };
        for request in 0..WARMING + requests {
            let answer = browser.get(&plan.path).await?;
            answer.done(&plan.path)?;
            let begun = Instant::now();
            plan.bare.run(&mut connection).await?;
            let bare = begun.elapsed();
            if request >= WARMING {
                page.bytes = answer.body.len();
                page.studio.push(answer.took);
                page.bare.push(bare);
            }
        }
        page.studio.sort_unstable();
        page.bare.sort_unstable();
        pages.push(page);
    }
    Ok(Size {
        rows: database.rows,
        pages,
    })
}

fn plans(database: &Database) -> Vec<Plan> {
    let (rows, middle, cohort) = (database.rows, database.rows / 2, database.cohorts() / 2);
    let select = "SELECT *, xmin::text FROM applications";
    let rows_of = |title, query: String, bare: String| Plan {
        title,
        kind: Kind::Rows,
        path: match query.is_empty() {
            true => TABLE.to_owned(),
            false => format!("{TABLE}?{query}"),
        },
        bare: Bare::Sql(vec![format!("{select} {bare} LIMIT 51")]),
    };
    let other = |title, path: String, bare| Plan {
        title,
        kind: Kind::Other,
        path,
        bare,
    };
    let place = |id: u64| json!([id.to_string()]);
    vec![
        rows_of("first page", String::new(), "ORDER BY id".to_owned()),
        rows_of(
            "a page in the middle",
            pair("after", &place(middle)),
            format!("WHERE id > {middle} ORDER BY id"),
        ),
        rows_of(
            "last page",
            pair("before", &place(rows + 1)),
            format!("WHERE id < {} ORDER BY id DESC", rows + 1),
        ),
        rows_of(
            "sorted by an indexed column",
            "sort=submitted_at:desc".to_owned(),
            "ORDER BY submitted_at DESC, id DESC".to_owned(),
        ),
        rows_of(
            "filtered by an indexed column",
            pair("filter", &json!(["cohort_id", "is", cohort.to_string()])),
            format!("WHERE cohort_id = {cohort} ORDER BY id"),
        ),
        other(
            "a row",
            format!("{TABLE}/row?{}", pair("key", &place(middle))),
            Bare::Sql(vec![
                format!("{select} WHERE id = {middle}"),
                format!("SELECT count(*) FROM reviews WHERE application_id = {middle}"),
                format!("SELECT count(*) FROM part_1 WHERE whole_id = {middle}"),
            ]),
        ),
        other(
            "list of tables",
            "/".to_owned(),
            Bare::Sql(vec![
                "SELECT n.nspname, c.relname, c.relkind, c.reltuples, pg_total_relation_size(c.oid), obj_description(c.oid)
                 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^(pg_|information_schema$)' ORDER BY 1, 2"
                    .to_owned(),
            ]),
        ),
        other("diagram", "/diagram".to_owned(), Bare::Catalog),
    ]
}

impl Bare {
    async fn run(&self, connection: &mut PgConnection) -> Result<(), BenchError> {
        match self {
            Self::Catalog => {
                catalog::read(connection).await?;
            }
            Self::Sql(statements) => {
                for sql in statements {
                    let all = sqlx::query(AssertSqlSafe(sql.clone())).fetch_all(&mut *connection);
                    all.await.map_err(failed(sql))?;
                }
            }
        }
        Ok(())
    }
}
