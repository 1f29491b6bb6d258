//! What lint found, counted.

use seachange_lint::{Finding, Severity};
use serde::{Serialize, Serializer};

use crate::failure::Failure;

/// The findings of one run.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub(in crate::command) struct Report {
    /// Whether nothing is an error.
    pub(in crate::command) ok: bool,
    pub(in crate::command) errors: usize,
    pub(in crate::command) warnings: usize,
    /// How many are allowed, by comments, by the workspace or by flags.
    pub(in crate::command) allowed: usize,
    /// How many files were read.
    pub(in crate::command) files: usize,
    /// Migrations in Rust, which lint can't read.
    pub(in crate::command) not_sql: Vec<String>,
    pub(in crate::command) findings: Vec<Finding>,
    /// Why some schema could not be had, so that tables count as old there.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "in_one_line"
    )]
    #[cfg_attr(feature = "schemas", schemars(with = "Option<String>"))]
    pub(in crate::command) unknown: Option<Failure>,
}

fn in_one_line<S: Serializer>(failure: &Option<Failure>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(
        &failure
            .as_ref()
            .map(Failure::in_one_line)
            .unwrap_or_default(),
    )
}

impl Report {
    /// Counts anew.
    pub(super) fn count(&mut self) {
        let of = |wanted: Severity| {
            let own = self.findings.iter();
            own.filter(|finding| finding.severity == wanted).count()
        };
        (self.errors, self.warnings) = (of(Severity::Error), of(Severity::Warning));
        self.ok = self.errors == 0;
    }

    /// Takes findings of these rules for errors.
    pub(super) fn deny(&mut self, codes: &[String]) {
        for finding in &mut self.findings {
            let denied = |code: &String| code == "warnings" || code == finding.code;
            if codes.iter().any(denied) {
                finding.severity = Severity::Error;
            }
        }
        self.count();
    }

    /// Leaves out findings of these rules.
    pub(super) fn allow(&mut self, codes: &[String]) {
        self.leave_out(|finding| codes.iter().any(|code| code == finding.code));
    }

    pub(super) fn leave_out(&mut self, allowed: impl Fn(&Finding) -> bool) {
        let before = self.findings.len();
        self.findings.retain(|finding| !allowed(finding));
        self.allowed += before - self.findings.len();
        self.count();
    }

    /// `2 errors, 3 warnings in 4 files; 1 allowed`.
    pub(in crate::command) fn in_short(&self) -> String {
        let some = |count: usize, noun: &str| match count {
            1 => format!("1 {noun}"),
            _ => format!("{count} {noun}s"),
        };
        let mut parts = Vec::new();
        if self.errors > 0 {
            parts.push(some(self.errors, "error"));
        }
        if self.warnings > 0 {
            parts.push(some(self.warnings, "warning"));
        }
        let found = match parts.is_empty() {
            true => "nothing found".to_owned(),
            false => parts.join(", "),
        };
        let mut text = format!("{found} in {}", some(self.files, "file"));
        if self.allowed > 0 {
            text.push_str(&format!("; {} allowed", self.allowed));
        }
        if !self.not_sql.is_empty() {
            let count = some(self.not_sql.len(), "migration");
            text.push_str(&format!("; {count} in Rust not read"));
        }
        text
    }
}
