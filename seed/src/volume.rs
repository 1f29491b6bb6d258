//! CohortFlow by the thousand: the plan of each profile. The same seed gives the same rows.

mod applications;
mod audit_logs;
mod cohort;
mod comments;
mod edge;
mod files;
mod programs;
mod reviews;
mod users;

use clap::ValueEnum;
use seachange::seed::Plan;

use crate::fixtures::fixtures;

/// What kind of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Profile {
    /// A few programs and their applicants, to look at
    Demo,
    /// As many applicants as wanted, to measure with
    Load,
    /// What breaks programs: scripts of the world, the longest, the emptiest, the first and the last day
    Edge,
}

impl Profile {
    /// Applicants, where nothing else is said.
    fn scale(self) -> u64 {
        match self {
            Self::Demo => 50,
            Self::Load => 1_000,
            Self::Edge => 0,
        }
    }
}

/// The rows of a profile. `scale` is the number of applicants; the edge cases are as many as they are.
pub(crate) fn plan(profile: Profile, scale: Option<u64>, seed: u64) -> Plan {
    let mut plan = Plan::new(seed);
    match profile {
        Profile::Edge => edge::plan(&mut plan),
        Profile::Demo | Profile::Load => {
            cohort::plan(&mut plan, scale.unwrap_or(profile.scale()));
        }
    }
    plan
}

/// The fixtures as a plan, for tables that are emptied first.
pub(crate) fn of_fixtures() -> Plan {
    let mut plan = Plan::new(0);
    let fixtures = fixtures();
    macro_rules! tables {
        ($($table:ident),*) => {
            $(
                let rows = plan.rows(fixtures.$table.len() as u64);
                plan.table::<db::$table::Entity>(&rows, move |row| {
                    fixtures.$table[row.number() as usize].clone()
                });
            )*
        };
    }
    tables!(
        users,
        programs,
        applications,
        files,
        reviews,
        comments,
        audit_logs
    );
    plan
}
