//! Building a package's program, so that a package that does not compile is told from a program that
//! fails.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::process::Command;

use crate::context::Context;
use crate::failure::Failure;
use crate::project::Project;

/// How long a build may take before it is spoken of.
const QUIET: Duration = Duration::from_millis(1500);

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

/// The program of a package, up to date. Cargo's messages go to stderr.
pub(crate) async fn build(context: &Context, package: &str) -> Result<PathBuf, Failure> {
    let _child = context.child_runs();
    let building = built(&context.project, package, Stdio::inherit());
    let mut building = std::pin::pin!(building);
    tokio::select! {
        built = &mut building => return built,
        () = tokio::time::sleep(QUIET) => {}
    }
    context
        .terminal
        .note(format!("building the package `{package}` …"));
    building.await
}

pub(super) async fn built(
    project: &Project,
    package: &str,
    messages: Stdio,
) -> Result<PathBuf, Failure> {
    let mut command = Command::from(project.cargo());
    command
        .args(["build", "--quiet", "--package", package, "--bin", package])
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(messages)
        .kill_on_drop(true);
    let output = command
        .spawn()
        .map_err(|error| cannot_run(&error))?
        .wait_with_output()
        .await
        .map_err(|error| cannot_run(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let mut failure = Failure::new(format!("the package `{package}` does not compile"))
            .help("mend what cargo says above, and run it again");
        failure
            .causes
            .extend((!said.is_empty()).then(|| said.into_owned()));
        return Err(failure);
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
        .ok_or_else(|| {
            Failure::new(format!(
                "the package `{package}` has no program `{package}`"
            ))
            .help(format!(
                "give it a `src/main.rs`, or a `[[bin]]` named `{package}`"
            ))
        })
}

fn cannot_run(error: &std::io::Error) -> Failure {
    Failure::new("cannot run cargo")
        .because(error)
        .help("install Rust's cargo, or start this program through `cargo xtask`")
}
