//! Building a package's program, so that a package that does not compile is told from a program that
//! fails.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::error::Help;

/// Why there is no program to run.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// cargo did not start.
    #[error("cannot run cargo")]
    Cargo(#[source] std::io::Error),
    /// rustc found errors.
    #[error("the package `{package}` does not compile")]
    DoesNotCompile {
        /// The package's name.
        package: String,
        /// None where cargo said it on our own stderr.
        #[source]
        said: Option<Said>,
    },
    /// It compiles, and has no binary of its own name.
    #[error("the package `{package}` has no program `{package}`")]
    NoProgram {
        /// The package's name.
        package: String,
    },
}

/// What cargo said.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Said(String);

impl Help for BuildError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Cargo(_) => {
                "install Rust's cargo, or start this program through `cargo xtask`".to_owned()
            }
            Self::DoesNotCompile { .. } => {
                "mend what cargo says above, and run it again".to_owned()
            }
            Self::NoProgram { package } => {
                format!("give it a `src/main.rs`, or a `[[bin]]` named `{package}`")
            }
        })
    }
}

/// A line of cargo's account of what it built.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// The cargo of the workspace at `root`. What `cargo run` and `cargo test` put into the environment
/// about the package that runs is taken out: build scripts that look at it would all run again.
pub fn cargo(root: &Path) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let of_package = name.to_str().is_some_and(|name| {
            ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
                .iter()
                .any(|prefix| name.starts_with(prefix))
        });
        if of_package {
            command.env_remove(name);
        }
    }
    command
}

/// The program of a package, up to date. `messages` is where cargo says what it has to say: what is
/// piped comes back with the error.
#[tracing::instrument(name = "build", skip_all, fields(package))]
pub async fn build(root: &Path, package: &str, messages: Stdio) -> Result<PathBuf, BuildError> {
    let mut command = tokio::process::Command::from(cargo(root));
    command
        .args(["build", "--quiet", "--package", package, "--bin", package])
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(messages)
        .kill_on_drop(true);
    let output = command
        .spawn()
        .map_err(BuildError::Cargo)?
        .wait_with_output()
        .await
        .map_err(BuildError::Cargo)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr)
            .trim_end()
            .to_owned();
        return Err(BuildError::DoesNotCompile {
            package: package.to_owned(),
            said: (!said.is_empty()).then_some(Said(said)),
        });
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| {
            message
                .target
                .as_ref()
                .is_some_and(|target| target.name == package)
        })
        .find_map(|message| message.executable)
        .ok_or_else(|| BuildError::NoProgram {
            package: package.to_owned(),
        })
}
