//! Migrations written in Rust, run in scratch databases by the program that has them.

use std::error::Error;
use std::path::PathBuf;
use std::process::Stdio;

use sea_orm::prelude::async_trait::async_trait;
use seachange::source::RunRust;
use tokio::process::Command;
use tokio::sync::OnceCell;

use super::build::built;
use crate::project::Project;

/// The migration package's program, built when it is first needed.
pub(crate) struct RustMigrations {
    project: Project,
    program: OnceCell<PathBuf>,
}

impl RustMigrations {
    pub(crate) fn new(project: &Project) -> Self {
        Self {
            project: project.clone(),
            program: OnceCell::new(),
        }
    }
}

#[async_trait]
impl RunRust for RustMigrations {
    async fn up_to(&self, url: &str, version: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let program = self
            .program
            .get_or_try_init(|| built(&self.project, self.project.migration, Stdio::inherit()))
            .await
            .map_err(|failure| failure.message)?;
        let output = Command::new(program)
            .args(["up", "--to", version])
            .env("DATABASE_URL", url)
            .env_remove("DATABASE_SCHEMA")
            .current_dir(&self.project.root)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await?;
        if output.status.success() {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).trim_end().into())
    }
}
