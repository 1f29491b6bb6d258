//! The workspaces whose databases are made: this one, and two with one schema, which one migration
//! makes or fifty.

use std::process::Stdio;

use seachange::migrations::{self, Body, LIB_RS, NewMigration};
use seachange::testing::{Content, Templates, Workspace};

use crate::bench::error::BenchError;
use crate::bench::{files, place};

const TABLES: usize = 20;
const MIGRATIONS: usize = 50;

pub(super) struct Measured {
    pub(super) title: String,
    pub(super) tested: Workspace,
    /// What each migration runs.
    pub(super) up: Vec<String>,
}

impl Measured {
    fn of(title: String, tested: Workspace, root: &std::path::Path) -> Result<Self, BenchError> {
        let folder = migrations::read(&root.join("migration"))?;
        let up = folder.migrations.into_iter();
        Ok(Self {
            title,
            tested,
            up: up.filter_map(|migration| migration.up_sql).collect(),
        })
    }

    /// The template that its databases are copies of, built if need be.
    pub(super) async fn template(&self) -> Result<String, BenchError> {
        let templates = Templates::new(&self.tested, Stdio::inherit);
        let template = templates.template(Content::Migrated).await?;
        Ok(template.map_or_else(String::new, |template| template.name().to_owned()))
    }
}

pub(super) fn all(server: &str) -> Result<Vec<Measured>, BenchError> {
    let root = place::root();
    let own = Workspace::at(&root).on(server);
    let changes = changes();
    Ok(vec![
        Measured::of("CohortFlow".to_owned(), own, &root)?,
        generated(server, &[changes.concat()])?,
        generated(server, &changes)?,
    ])
}

/// A schema in small steps: a table each, then an index each, then columns.
fn changes() -> Vec<String> {
    let table = |number| {
        format!(
            "CREATE TABLE item_{number} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, \
             name text NOT NULL, created_at timestamptz NOT NULL DEFAULT now());\n"
        )
    };
    let index = |number| format!("CREATE INDEX ON item_{number} (name, created_at);\n");
    let column = |number| format!("ALTER TABLE item_{number} ADD COLUMN note text;\n");
    let tables = (0..TABLES).map(table).chain((0..TABLES).map(index));
    tables
        .chain((0..TABLES).map(column))
        .take(MIGRATIONS)
        .collect()
}

/// A workspace that is nothing but its migrations.
fn generated(server: &str, changes: &[String]) -> Result<Measured, BenchError> {
    let root = place::bench().join(format!("testdb/{}", changes.len()));
    files::remove(&root)?;
    let package = root.join("migration");
    files::write(&package.join("src/lib.rs"), LIB_RS)?;
    for (number, up) in changes.iter().enumerate() {
        let new = NewMigration {
            at: chrono::DateTime::UNIX_EPOCH,
            name: &format!("change_{number}"),
            about: "A change.",
            body: Body::Sql {
                up: up.clone(),
                down: "SELECT 1;\n".to_owned(),
            },
            schema_sql: None,
        };
        migrations::write(&migrations::read(&package)?, &new)?;
    }
    let title = format!("{TABLES} tables");
    Measured::of(title, Workspace::at(&root).on(server), &root)
}
