//! What PostgreSQL refuses inside a transaction.

use super::{Check, Note, Rule, Site};
use crate::deed::{Kind, What};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "needs-no-transaction",
    severity: Severity::Error,
    about: "PostgreSQL refuses the statement inside a transaction",
    check: Check::Deed(check),
};

fn check(site: &Site<'_, '_>) -> Option<Note> {
    if !site.in_transaction() || !site.is_first() {
        return None;
    }
    let what = refused(&site.deed.what)?;
    Some(
        site.note("", format!("PostgreSQL refuses {what} inside a transaction, and this file runs in one"))
            .help(
                "give the statement a migration of its own, with the line `-- seachange: no-transaction` at the top of \
                 up.sql",
            ),
    )
}

/// What the statement is, if no transaction may be around it.
pub(super) fn refused(what: &What) -> Option<&'static str> {
    Some(match what {
        What::CreateIndex(index) if index.concurrently => "CREATE INDEX CONCURRENTLY",
        What::DropIndex {
            concurrently: true, ..
        } => "DROP INDEX CONCURRENTLY",
        What::Reindex {
            concurrently: true, ..
        } => "REINDEX CONCURRENTLY",
        What::DetachPartition {
            concurrently: true, ..
        } => "DETACH PARTITION CONCURRENTLY",
        What::Vacuum { .. } => "VACUUM",
        What::Cluster { table: None } => "CLUSTER of all tables",
        What::Drop {
            kind: Kind::Database,
            ..
        } => "DROP DATABASE",
        What::NeedsNoTransaction { what } => what,
        _ => return None,
    })
}
