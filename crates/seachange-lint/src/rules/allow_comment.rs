//! What is odd about a comment that allows something. Raised in `allow.rs`, where comments are read.

use super::{Check, Rule};
use crate::finding::Severity;

pub(crate) const RULE: Rule = Rule {
    code: "allow-comment",
    severity: Severity::Warning,
    about: "a comment allows what is no rule or not there, or says no reason",
    check: Check::Declared,
};
