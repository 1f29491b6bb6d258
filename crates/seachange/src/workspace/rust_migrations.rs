//! Migrations written in Rust, run in scratch databases by the program that has them.

use std::error::Error;
use std::path::PathBuf;
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::OnceCell;

use super::build::build;
use crate::source::RunRust;

/// The migration package's program, built when it is first needed.
pub struct RustMigrations {
    root: PathBuf,
    package: String,
    messages: fn() -> Stdio,
    program: OnceCell<PathBuf>,
}

impl RustMigrations {
    /// `messages` is where cargo says what it has to say, as in [`build`].
    pub fn new(
        root: impl Into<PathBuf>,
        package: impl Into<String>,
        messages: fn() -> Stdio,
    ) -> Self {
        Self {
            root: root.into(),
            package: package.into(),
            messages,
            program: OnceCell::new(),
        }
    }
}

#[async_trait::async_trait]
impl RunRust for RustMigrations {
    async fn up_to(&self, url: &str, version: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
        let program = self
            .program
            .get_or_try_init(|| build(&self.root, &self.package, (self.messages)()))
            .await?;
        let output = Command::new(program)
            .args(["up", "--to", version])
            .env("DATABASE_URL", url)
            .env_remove("DATABASE_SCHEMA")
            .current_dir(&self.root)
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
