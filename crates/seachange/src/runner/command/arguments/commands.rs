//! The commands, and how much of the migrations each goes through.

use std::path::Path;

use clap::{Args, Subcommand};

use super::backup::Backups;
use super::fleet::Fleets;
use super::review::Review;
use crate::backup::Wanted;
use crate::runner::extent::Extent;

#[derive(Clone, Debug, Subcommand)]
pub(in crate::runner::command) enum Command {
    /// Apply pending migrations (the default).
    Up(Up),
    /// Take the last applied migration back, or more.
    Down(Down),
    /// Show what is applied and what is pending.
    Status(Fleets),
    /// Drop everything in the database, then apply all migrations.
    Fresh,
    /// Take all migrations back, then apply them again.
    Refresh,
    /// Take all migrations back.
    Reset,
}

#[derive(Args, Clone, Debug, Default)]
pub(in crate::runner::command) struct Up {
    #[command(flatten)]
    steps: Steps,

    #[command(flatten)]
    backups: Backups,

    #[command(flatten)]
    review: Review,

    #[command(flatten)]
    fleets: Fleets,
}

#[derive(Args, Clone, Debug)]
pub(in crate::runner::command) struct Down {
    #[command(flatten)]
    steps: Steps,

    /// Take all of them back.
    #[arg(long, conflicts_with_all = ["steps", "to"])]
    all: bool,

    #[command(flatten)]
    backups: Backups,

    #[command(flatten)]
    fleets: Fleets,
}

#[derive(Args, Clone, Debug, Default)]
pub(in crate::runner::command) struct Steps {
    /// How many migrations.
    #[arg(short = 'n', long, visible_alias = "num", value_name = "N")]
    steps: Option<u32>,

    /// To which version: up until it is applied, down until it is the last one applied. Its beginning
    /// or its end will do.
    #[arg(long, value_name = "VERSION", conflicts_with = "steps")]
    to: Option<String>,

    /// Print the SQL that would run, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Command {
    pub(in crate::runner::command) fn name(&self) -> &'static str {
        match self {
            Self::Up(_) => "up",
            Self::Down(_) => "down",
            Self::Status(_) => "status",
            Self::Fresh => "fresh",
            Self::Refresh => "refresh",
            Self::Reset => "reset",
        }
    }

    /// The many targets, where they are named.
    pub(in crate::runner::command) fn fleets(&self) -> Option<&Fleets> {
        let fleets = match self {
            Self::Up(up) => &up.fleets,
            Self::Down(down) => &down.fleets,
            Self::Status(fleets) => fleets,
            _ => return None,
        };
        fleets.is_given().then_some(fleets)
    }

    /// The backup that is to be made first.
    pub(super) fn backup(&self) -> Option<Wanted> {
        match self {
            Self::Up(up) => up.backups.wanted(),
            Self::Down(down) => down.backups.wanted(),
            _ => None,
        }
    }

    /// The file that a plan is to be written to.
    pub(in crate::runner::command) fn plan_out(&self) -> Option<&Path> {
        match self {
            Self::Up(up) => up.review.plan_out.as_deref(),
            _ => None,
        }
    }

    /// The plan that is to be applied.
    pub(in crate::runner::command) fn plan(&self) -> Option<&Path> {
        match self {
            Self::Up(up) => up.review.plan.as_deref(),
            _ => None,
        }
    }

    pub(in crate::runner::command) fn is_dry_run(&self) -> bool {
        match self {
            Self::Up(up) => up.steps.dry_run,
            Self::Down(down) => down.steps.dry_run,
            _ => false,
        }
    }

    /// Up goes all the way and down one step, unless told otherwise.
    pub(in crate::runner::command) fn extent(&self) -> Extent {
        match self {
            Self::Up(up) => up.steps.extent().unwrap_or(Extent::All),
            Self::Down(down) if !down.all => down.steps.extent().unwrap_or(Extent::Steps(1)),
            _ => Extent::All,
        }
    }
}

impl Steps {
    fn extent(&self) -> Option<Extent> {
        let to = self.to.clone().map(Extent::To);
        to.or(self.steps.map(Extent::Steps))
    }
}
