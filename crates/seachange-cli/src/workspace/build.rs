//! Building a package's program, with a word about it where it takes long.

use std::path::PathBuf;
use std::process::Stdio;

use seachange::workspace;

use crate::context::Context;
use crate::failure::Failure;

/// The program of a package, up to date. Cargo's messages go to stderr.
pub(crate) async fn build(context: &Context, package: &str) -> Result<PathBuf, Failure> {
    let _child = context.child_runs();
    let building = workspace::build(&context.project.root, package, Stdio::inherit());
    let note = format!("building the package `{package}` …");
    Ok(context.noted(&note, building).await?)
}
