//! CohortFlow's fixtures as plain values: every run makes the same ones. Writing them is not done
//! here. Files in the order in which their rows refer to each other.

mod answers;
mod applications;
mod audit_logs;
mod comments;
mod files;
mod programs;
mod reviews;
#[cfg(test)]
mod tests;
mod users;

pub(crate) use answers::answers;
pub(crate) use applications::history;

/// The volunteers' program, with its stages and its rubric.
pub(crate) fn volunteers() -> db::programs::Model {
    programs::volunteers(&users::Staff::new())
}

/// Every row of every table.
pub(crate) struct Fixtures {
    pub(crate) users: Vec<db::users::Model>,
    pub(crate) programs: Vec<db::programs::Model>,
    pub(crate) applications: Vec<db::applications::Model>,
    pub(crate) files: Vec<db::files::Model>,
    pub(crate) reviews: Vec<db::reviews::Model>,
    pub(crate) comments: Vec<db::comments::Model>,
    pub(crate) audit_logs: Vec<db::audit_logs::Model>,
}

pub(crate) fn fixtures() -> Fixtures {
    let staff = users::Staff::new();
    let applicants = users::applicants();
    let program = programs::volunteers(&staff);
    let applications = applications::applications(&program, &applicants);
    let files = files::files(&program, &applications);
    let reviews = reviews::reviews(&program, &applications, &staff);
    let comments = comments::comments(&applications, &staff);
    let audit_logs = audit_logs::audit_logs(&staff, &program, &applications, &files, &reviews);
    Fixtures {
        users: [staff.into_rows(), applicants].concat(),
        programs: vec![program],
        applications,
        files,
        reviews,
        comments,
        audit_logs,
    }
}
