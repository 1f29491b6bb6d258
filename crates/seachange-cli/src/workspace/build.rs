//! Building a package's program, with a word about it where it takes long.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use seachange::workspace;

use crate::context::Context;
use crate::failure::Failure;

/// How long a build may take before it is spoken of.
const QUIET: Duration = Duration::from_millis(1500);

/// The program of a package, up to date. Cargo's messages go to stderr.
pub(crate) async fn build(context: &Context, package: &str) -> Result<PathBuf, Failure> {
    let _child = context.child_runs();
    let building = workspace::build(&context.project.root, package, Stdio::inherit());
    let mut building = std::pin::pin!(building);
    tokio::select! {
        built = &mut building => return Ok(built?),
        () = tokio::time::sleep(QUIET) => {}
    }
    context
        .terminal
        .note(format!("building the package `{package}` …"));
    Ok(building.await?)
}
