//! One rule as it is written: `table public.tmp_*`, `grant to reporting`.

use std::fmt;
use std::str::FromStr;

use seachange_schema::model::{ConstraintKind, Unmodelled};
use seachange_schema::{Name, Object, ObjectId};

use super::pattern::matches;
use crate::error::Help;

/// The kinds that a rule may name: those that a plan prints, and the wider words for some of them.
const KINDS: [&str; 51] = [
    "access method",
    "cast",
    "check",
    "cluster mark",
    "collation",
    "column",
    "column statistics",
    "comment",
    "constraint",
    "conversion",
    "default",
    "default privileges",
    "domain",
    "enum",
    "event trigger",
    "exclusion constraint",
    "extension",
    "extension dependence",
    "foreign key",
    "foreign table",
    "foreign-data wrapper",
    "function",
    "grant",
    "index",
    "language",
    "materialized view",
    "not-null constraint",
    "operator",
    "operator class",
    "operator family",
    "owner",
    "policy",
    "primary key",
    "publication",
    "published schema",
    "published table",
    "replica identity",
    "rule",
    "schema",
    "security label",
    "sequence",
    "server",
    "statistics",
    "subscription",
    "table",
    "tablespace",
    "trigger",
    "type",
    "unique constraint",
    "unique index",
    "view",
];

/// A kind, and the names of that kind that are covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    kind: &'static str,
    pattern: String,
}

/// Text that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// The first word is no kind of object.
    #[error("`{rule}` names no kind of object")]
    Kind {
        /// As it was given.
        rule: String,
        /// The kind that may have been meant.
        nearest: &'static str,
    },
    /// Nothing follows the kind.
    #[error("`{rule}` has a kind and no name")]
    NoName {
        /// As it was given.
        rule: String,
    },
}

impl Help for RuleError {
    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Kind { nearest, .. } => format!(
                "a rule is a kind and a name with `*`, as `check --drift` prints them: `table public.tmp_*`, \
                 `index *.idx_manual_*`, `grant to reporting`; the kind most like it is `{nearest}`"
            ),
            Self::NoName { rule } => format!("`{rule} *` covers every {rule}"),
        })
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let rule = text.split_whitespace().collect::<Vec<_>>().join(" ");
        // `column statistics x` is no column that is called `statistics x`.
        let kind = KINDS.into_iter().filter(|kind| {
            let rest = rule.strip_prefix(kind);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        });
        let Some(kind) = kind.max_by_key(|kind| kind.len()) else {
            let alike = |kind: &&str| {
                let pairs = kind.bytes().zip(rule.bytes());
                std::cmp::Reverse(pairs.take_while(|(one, other)| one == other).count())
            };
            return Err(RuleError::Kind {
                nearest: KINDS.into_iter().min_by_key(alike).unwrap_or("table"),
                rule,
            });
        };
        match rule[kind.len()..].trim() {
            "" => Err(RuleError::NoName { rule }),
            pattern => Ok(Self {
                kind,
                pattern: pattern.to_owned(),
            }),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.pattern)
    }
}

impl Rule {
    /// Whether it covers this object by its own name.
    pub(super) fn names(&self, id: &ObjectId, object: &Object) -> bool {
        (self.kind == id.kind() || self.kind == special(object))
            && spellings(id)
                .iter()
                .any(|name| matches(&self.pattern, name))
    }

    pub(super) fn names_unmodelled(&self, one: &Unmodelled) -> bool {
        let plain = one.name.strip_prefix("public.").unwrap_or(&one.name);
        self.kind == one.kind
            && (matches(&self.pattern, &one.name) || matches(&self.pattern, plain))
    }
}

/// What a plan calls it, where that says more than the kind of its identity.
fn special(object: &Object) -> &'static str {
    match object {
        Object::Enum(_) => "enum",
        Object::Domain(_) => "domain",
        Object::View(view) if view.materialized => "materialized view",
        Object::Index(index) if index.unique => "unique index",
        Object::Constraint(constraint) => match constraint.kind {
            ConstraintKind::PrimaryKey => "primary key",
            ConstraintKind::Unique => "unique constraint",
            ConstraintKind::Check => "check",
            ConstraintKind::Exclusion => "exclusion constraint",
            ConstraintKind::ForeignKey => "foreign key",
        },
        _ => "",
    }
}

/// How its name may be written: as the plan prints it, with its schema, and what is short for it.
fn spellings(id: &ObjectId) -> Vec<String> {
    let mut names = vec![id.plain(), qualified(id)];
    match id {
        ObjectId::Function { name, .. } => names.extend([name.plain(), dotted(name)]),
        ObjectId::Privileges { to, .. } | ObjectId::DefaultPrivileges { to, .. } => {
            names.push(format!("to {}", to.plain()));
        }
        _ => {}
    }
    names
}

fn qualified(id: &ObjectId) -> String {
    match id {
        ObjectId::Type { name }
        | ObjectId::Sequence { name }
        | ObjectId::Table { name }
        | ObjectId::Index { name }
        | ObjectId::View { name }
        | ObjectId::Collation { name }
        | ObjectId::Statistics { name } => dotted(name),
        ObjectId::Function { name, arguments } => format!("{}({arguments})", dotted(name)),
        ObjectId::ReplicaIdentity { table } | ObjectId::ClusterMark { table } => dotted(table),
        ObjectId::Column { table, name }
        | ObjectId::Default {
            table,
            column: name,
        }
        | ObjectId::Constraint { table, name }
        | ObjectId::Trigger { table, name }
        | ObjectId::Policy { table, name }
        | ObjectId::Rule { table, name } => format!("{}.{}", dotted(table), name.as_str()),
        ObjectId::PublicationTable { publication, table } => {
            format!("{} of {}", dotted(table), publication.as_str())
        }
        ObjectId::Privileges { of, to } => {
            format!("on {} {} to {}", of.kind(), qualified(of), to.plain())
        }
        ObjectId::Owner { of } => format!("of {} {}", of.kind(), qualified(of)),
        ObjectId::Schema { .. }
        | ObjectId::Extension { .. }
        | ObjectId::Publication { .. }
        | ObjectId::PublicationSchema { .. }
        | ObjectId::EventTrigger { .. }
        | ObjectId::DefaultPrivileges { .. } => id.plain(),
    }
}

fn dotted(name: &Name) -> String {
    format!("{}.{}", name.schema.as_str(), name.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_reads_as_it_is_written() {
        for text in [
            "table public.tmp_*",
            "column statistics a.b",
            "default privileges to reporting",
            "foreign key *",
        ] {
            assert_eq!(text.parse::<Rule>().unwrap().to_string(), text);
        }
        assert_eq!(
            "  table \t tmp_* ".parse::<Rule>().unwrap().to_string(),
            "table tmp_*"
        );
    }

    #[test]
    fn what_is_no_rule_says_what_it_may_have_been() {
        match "tabel x".parse::<Rule>().unwrap_err() {
            RuleError::Kind { nearest, .. } => assert_eq!(nearest, "table"),
            error => panic!("{error}"),
        }
        for text in ["", "tables x", "users"] {
            let error = text.parse::<Rule>().unwrap_err();
            assert!(matches!(error, RuleError::Kind { .. }), "{text}");
        }
        let error = "index".parse::<Rule>().unwrap_err();
        assert_eq!(error.help().unwrap(), "`index *` covers every index");
    }
}
