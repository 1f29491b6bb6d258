//! `--plan-out` and `--plan`.

use std::path::PathBuf;

use clap::Args;

#[derive(Args, Clone, Debug, Default)]
pub(super) struct Review {
    /// Write down what would be done, for review, and change nothing.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "backup"])]
    pub(super) plan_out: Option<PathBuf>,

    /// Do what was written down and reviewed, and nothing else; refused when anything is another since.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "steps", "dry_run", "plan_out"])]
    pub(super) plan: Option<PathBuf>,
}
