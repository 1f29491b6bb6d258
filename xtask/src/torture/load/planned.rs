//! The SQL of a change as the planner writes it, and whether a database has arrived where it leads.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use seachange::catalog;
use seachange::draft::{Answers, draft};
use seachange::generate::{script, split_scripts};
use seachange::scratch::Scratch;
use seachange::server::Settings;
use seachange::source::{Places, Road, Source};
use seachange_schema::plan::Mode;
use seachange_schema::{Schema, diff};

use super::DATABASE;
use super::kind::{BASE, Kind};
use super::report::Measured;
use crate::torture::error::TortureError;
use crate::torture::server::TortureServer;

pub(super) struct Planner {
    road: Road,
    folder: PathBuf,
    base: Source,
}

/// One migration, with those before it.
pub(super) struct Work {
    sql: Vec<String>,
    /// None where more is to come.
    next: Option<Arc<Schema>>,
    pub(super) retypes: bool,
}

impl Work {
    pub(super) fn migrations(&self) -> Vec<(&'static str, String)> {
        let versions = ["m20260101_000000_first", "m20260102_000000_second"];
        versions.into_iter().zip(self.sql.iter().cloned()).collect()
    }

    /// Whether it takes away what the load names in other kinds.
    pub(super) fn is_contract(&self) -> bool {
        self.sql.len() > 1
    }
}

impl Planner {
    pub(super) fn new(server: &TortureServer) -> Result<Self, TortureError> {
        let folder = server.home().join("plans");
        fs::create_dir_all(&folder).map_err(TortureError::file("create", &folder))?;
        let places = Places {
            server: Settings {
                home: folder.clone(),
                programs: None,
            },
            declared: crate::project().declared,
            migrations: folder.join("none"),
            database: None,
            rust: None,
        };
        let base = folder.join("base.sql");
        fs::write(&base, BASE).map_err(TortureError::file("write", &base))?;
        Ok(Self {
            road: Road::with_scratch(places, Scratch::at(server.url("postgres"))),
            folder,
            base: Source::Sql(base),
        })
    }

    /// In one migration, or in two where one has to wait for other code.
    pub(super) async fn online(&self, kind: &Kind) -> Result<Vec<Work>, TortureError> {
        let (answers, next) = self.asked(kind, Mode::Online)?;
        let mut drafted = draft(&self.road, &self.base, &next, &answers).await?;
        if kind.rename.is_none() {
            let script = script(&self.road, &self.base, &mut drafted, Some("change")).await?;
            return Ok(vec![Work {
                sql: vec![script.up],
                next: Some(drafted.next),
                retypes: kind.retypes,
            }]);
        }
        let scripts =
            split_scripts(&self.road, &self.base, &drafted, &answers, Some("change")).await?;
        let sql: Vec<String> = scripts.into_iter().map(|script| script.up).collect();
        let works = (1..=sql.len()).map(|many| Work {
            next: (many == sql.len()).then(|| Arc::clone(&drafted.next)),
            sql: sql[..many].to_vec(),
            retypes: kind.retypes,
        });
        Ok(works.collect())
    }

    /// The plainest form, in one transaction.
    pub(super) async fn offline(&self, kind: &Kind) -> Result<Work, TortureError> {
        let (answers, next) = self.asked(kind, Mode::Offline)?;
        let mut drafted = draft(&self.road, &self.base, &next, &answers).await?;
        let script = script(&self.road, &self.base, &mut drafted, Some("change")).await?;
        Ok(Work {
            sql: vec![script.up],
            next: Some(drafted.next),
            retypes: kind.retypes,
        })
    }

    fn asked(&self, kind: &Kind, mode: Mode) -> Result<(Answers, Source), TortureError> {
        let path = self.folder.join("next.sql");
        fs::write(&path, kind.next()).map_err(TortureError::file("write", &path))?;
        let hints = kind.rename.and_then(|rename| rename.parse().ok());
        let answers = Answers {
            hints: hints.into_iter().collect(),
            mode,
            ..Answers::default()
        };
        Ok((answers, Source::Sql(path)))
    }

    /// Notes whether the schema is the one that was planned for.
    pub(super) async fn check(
        &self,
        mut measured: Measured,
        server: &TortureServer,
        work: &Work,
    ) -> Result<Measured, TortureError> {
        if let Some(next) = &work.next {
            let mut connection = server.connect(DATABASE).await?;
            let arrived = catalog::read(&mut connection).await?;
            let arrived = arrived.without_owners(|id| next.contains(id));
            let left = diff(arrived, Schema::clone(next), Vec::new());
            if !left.is_empty() {
                let many = left.changes.len();
                measured
                    .wrong
                    .push(format!("{many} objects are not as planned"));
            }
        }
        Ok(measured)
    }
}
