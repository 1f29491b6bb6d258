//! Which files are linted, and the schema that each of them meets.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use seachange::connection::SqlFile;
use seachange::migrations::{Folder, Kind, Migration, in_transaction};
use seachange::source::{Road, Source};
use seachange_lint::{Declared, Direction, File, Linted, lint, lint_declared};
use seachange_schema::Schema;

use super::Report;
use crate::context::Context;
use crate::failure::Failure;

pub(super) enum Which {
    All,
    /// Those after a version.
    Since(String),
    /// So many, from the end.
    Latest(usize),
    Files {
        paths: Vec<PathBuf>,
        against: Source,
    },
}

pub(super) async fn report(
    context: &Context,
    road: &Road,
    which: &Which,
) -> Result<Report, Failure> {
    let folder = road.folder()?;
    let mut gathered = Gathered {
        context,
        road,
        report: Report::default(),
    };
    match which {
        Which::All => gathered.migrations(&folder, 0).await,
        Which::Latest(count) => {
            let from = folder.migrations.len().saturating_sub(*count);
            gathered.migrations(&folder, from).await;
        }
        Which::Since(version) => {
            let from = position(&folder, version)? + 1;
            gathered.migrations(&folder, from).await;
        }
        Which::Files { paths, against } => {
            for path in paths {
                gathered.file(&folder, path, against).await?;
            }
        }
    }
    if !matches!(which, Which::Files { .. }) {
        gathered.entities().await;
    }
    let mut report = gathered.report;
    let allowed = context.project.lint;
    report.leave_out(|finding| allowed.iter().any(|one| one.covers(finding)));
    Ok(report)
}

fn position(folder: &Folder, version: &str) -> Result<usize, Failure> {
    let versions = folder.migrations.iter().map(|it| it.version.as_str());
    let found: Vec<usize> = versions
        .enumerate()
        .filter(|(_, it)| *it == version || it.starts_with(version) || it.ends_with(version))
        .map(|(at, _)| at)
        .collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(
            Failure::usage(format!("no migration is called `{version}`"))
                .help("`status` lists them; the beginning or the end of a version will do"),
        ),
        _ => Err(
            Failure::usage(format!("several migrations are called `{version}`"))
                .help("give more of its version"),
        ),
    }
}

struct Gathered<'a> {
    context: &'a Context,
    road: &'a Road,
    report: Report,
}

impl Gathered<'_> {
    async fn migrations(&mut self, folder: &Folder, from: usize) {
        let mut before = match from < folder.migrations.len() {
            true => self.before(folder, from).await,
            false => None,
        };
        for migration in folder.migrations.iter().skip(from) {
            let after = self.after(migration).await;
            match migration.kind {
                Kind::Rust => self.report.not_sql.push(migration.version.clone()),
                Kind::Sql => {
                    self.up(migration, before.as_deref());
                    self.down(migration, before.as_deref(), after.as_deref());
                }
            }
            // Hundreds of migrations are as many schemas.
            self.road.forget();
            before = after;
        }
    }

    fn up(&mut self, migration: &Migration, before: Option<&Schema>) {
        if let (Some(path), Some(text)) = (&migration.up, &migration.up_sql) {
            let linted = self.read(path, text, migration, Direction::Up, before);
            self.add(linted);
        }
    }

    fn down(&mut self, migration: &Migration, target: Option<&Schema>, before: Option<&Schema>) {
        // One that is missing undoes as little as an empty one.
        let up = migration.up.as_ref();
        let beside = up.map(|up| up.with_file_name("down.sql"));
        let Some(path) = migration.down.as_ref().or(beside.as_ref()) else {
            return;
        };
        let text = migration.down_sql.as_deref().unwrap_or_default();
        // `generate --empty` leaves two files to be filled in.
        let unwritten = migration.up_sql.as_deref().is_some_and(has_nothing) && has_nothing(text);
        if unwritten && migration.down.is_some() {
            self.report.files += 1;
            return;
        }
        let linted = self.read(path, text, migration, Direction::Down { target }, before);
        self.add(linted);
    }

    /// A file that somebody named: a migration's, or any other.
    async fn file(
        &mut self,
        folder: &Folder,
        path: &Path,
        against: &Source,
    ) -> Result<(), Failure> {
        let full = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let is = |own: &Option<PathBuf>| {
            let own = own.as_ref().and_then(|own| std::fs::canonicalize(own).ok());
            own.is_some_and(|own| own == full)
        };
        for (at, migration) in folder.migrations.iter().enumerate() {
            if is(&migration.up) {
                let before = self.before(folder, at).await;
                self.up(migration, before.as_deref());
                return Ok(());
            }
            if is(&migration.down) {
                let target = self.before(folder, at).await;
                let before = self.after(migration).await;
                self.down(migration, target.as_deref(), before.as_deref());
                return Ok(());
            }
        }
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("cannot read `{}`", path.display()))
                .help("check the path, and that it is text in UTF-8")
                .because(&error)
        })?;
        let schema = self.schema(against).await;
        let linted = lint(&File {
            path: &self.context.relative(path),
            text: &text,
            direction: Direction::Up,
            transaction: in_transaction(&text),
            before: schema.as_deref(),
        });
        self.add(linted);
        Ok(())
    }

    fn read(
        &self,
        path: &Path,
        text: &str,
        migration: &Migration,
        direction: Direction<'_>,
        before: Option<&Schema>,
    ) -> Linted {
        lint(&File {
            path: &self.context.relative(path),
            text,
            direction,
            transaction: migration.transaction,
            before,
        })
    }

    fn add(&mut self, linted: Linted) {
        self.report.files += 1;
        self.report.allowed += linted.allowed.len();
        self.report.findings.extend(linted.findings);
    }

    /// What stands before the migration.
    async fn before(&mut self, folder: &Folder, at: usize) -> Option<Arc<Schema>> {
        match at.checked_sub(1) {
            Some(previous) => self.after(&folder.migrations[previous]).await,
            None => self.schema(&Source::Empty).await,
        }
    }

    async fn after(&mut self, migration: &Migration) -> Option<Arc<Schema>> {
        let upto = Some(migration.version.clone());
        self.schema(&Source::Migrations { upto }).await
    }

    /// The schema of a source; none where it can't be built, which is said once.
    async fn schema(&mut self, source: &Source) -> Option<Arc<Schema>> {
        match self.road.schema(source).await {
            Ok(schema) => Some(schema),
            Err(error) => {
                self.report
                    .unknown
                    .get_or_insert_with(|| Failure::from(error));
                None
            }
        }
    }

    async fn entities(&mut self) {
        let recorded = match self.road.recorded() {
            Ok(recorded) => recorded,
            Err(error) => {
                self.report
                    .unknown
                    .get_or_insert_with(|| Failure::from(error));
                return;
            }
        };
        let file = |file: &SqlFile| (file.path.clone(), true, file.text.clone());
        let pieces: Vec<(String, bool, String)> = (recorded.before.iter().map(file))
            .chain(
                recorded
                    .pieces()
                    .map(|it| (it.origin.clone(), false, it.sql.clone())),
            )
            .chain(recorded.after.iter().map(file))
            .collect();
        let declared: Vec<Declared<'_>> = pieces
            .iter()
            .map(|(origin, is_file, sql)| Declared {
                origin,
                is_file: *is_file,
                sql,
            })
            .collect();
        // What PostgreSQL would cut is said even where it makes no schema of the rest.
        let schema = self.schema(&Source::Entities).await.unwrap_or_default();
        self.report
            .findings
            .extend(lint_declared(&schema, &declared));
    }
}

/// Whether a file has nothing but comments.
fn has_nothing(text: &str) -> bool {
    seachange::connection::statements(text).is_empty()
}
