//! The rules, one file each, named as their code. To add one: the file, its name in the list, its page in
//! `docs/lint`, its cases.

mod site;
mod type_change;

pub(crate) use site::{Check, ColumnSite, Note, Site};

use crate::finding::Severity;

/// One thing to look for.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Stable: it stands in comments, in `--json` and in the name of its page.
    pub code: &'static str,
    /// Of every finding that it makes.
    pub severity: Severity,
    /// In one line.
    pub about: &'static str,
    pub(crate) check: Check,
}

impl std::fmt::Debug for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code)
    }
}

macro_rules! rules {
    ($($module:ident,)*) => {
        $(pub(crate) mod $module;)*
        static RULES: &[Rule] = &[$($module::RULE,)*];
    };
}

rules! {
    // What waits, and for how long.
    index_not_concurrent,
    drop_index_not_concurrent,
    reindex_not_concurrent,
    refresh_not_concurrent,
    detach_not_concurrent,
    attach_partition_scans,
    foreign_key_scans,
    check_scans,
    domain_check_scans,
    not_null_scans,
    key_builds_index,
    exclusion_builds_index,
    validates_at_once,
    rewrites_table,
    backfill_under_lock,
    changes_every_row,
    locks_table,
    // What is lost, and who breaks.
    drops_data,
    changes_values,
    may_fail,
    breaks_queries,
    cascades,
    drops_constraint,
    disables_trigger,
    not_restored,
    missing_down,
    // Transactions and sessions.
    needs_no_transaction,
    mixed_no_transaction,
    transaction_in_file,
    label_in_use,
    own_lock_timeout,
    set_outlives,
    if_not_exists_concurrently,
    // How things are declared.
    identifier_cut,
    no_primary_key,
    small_key,
    serial_column,
    timestamp_without_zone,
    char_column,
    json_column,
    foreign_key_without_index,
    foreign_key_without_on_delete,
    // About lint itself.
    not_read,
    allow_comment,
}

pub(crate) fn all() -> &'static [Rule] {
    RULES
}

/// Every rule, in the order of the documentation.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter()
}

/// The rule of that code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code)
}
