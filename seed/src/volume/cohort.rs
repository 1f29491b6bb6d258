//! Who and what there is, and how it hangs together: staff, applicants, programs, an application for each
//! pair of the two that came about, and what every application leaves behind.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use seachange::seed::{Plan, Rows};

use super::{applications, audit_logs, comments, files, programs, reviews, users};

/// Every table's rows. Cheap to clone: a row asks others for their values by these.
#[derive(Clone)]
pub(super) struct Cohort {
    /// The staff, then the applicants.
    pub(super) users: Rows<db::users::Entity>,
    /// The first of them alone.
    pub(super) staff: Rows<db::users::Entity>,
    pub(super) programs: Rows<db::programs::Entity>,
    pub(super) applications: Rows<db::applications::Entity>,
}

pub(super) fn plan(plan: &mut Plan, applicants: u64) {
    let staff = 5 + applicants / 100;
    let users = plan.rows(staff + applicants);
    let programs = plan.rows(2 + applicants / 500);
    let applications = plan.rows_per(&users, applications::count(staff, programs.count()));
    let cohort = Cohort {
        staff: plan.rows(staff),
        users,
        programs,
        applications,
    };

    let files = plan.rows_per(&cohort.applications, files::count);
    let reviews = plan.rows_per(&cohort.applications, reviews::count(&cohort));
    let comments = plan.rows_per(&cohort.applications, comments::count);
    let audit_logs = plan.rows_per(&cohort.applications, audit_logs::count);
    plan.table(&cohort.users, users::model(staff));
    plan.table(&cohort.programs, programs::model(&cohort));
    plan.table(&cohort.applications, applications::model(&cohort));
    plan.table(&files, files::model(&cohort));
    plan.table(&reviews, reviews::model(&cohort));
    plan.table(&comments, comments::model(&cohort));
    plan.table(&audit_logs, audit_logs::model(&cohort));
}

/// The first of September of the year in which everything begins.
pub(super) fn opened() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 9, 1, 8, 0, 0)
        .single()
        .expect("UTC has no gaps")
}

pub(super) fn days(days: i64) -> TimeDelta {
    TimeDelta::days(days)
}
