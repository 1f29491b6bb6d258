//! What a relation does by itself: triggers, row-level security policies, rewrite rules.

use seachange_schema::model::{Grantee, Policy, Rule, Trigger};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct TriggerRow {
    oid: u32,
    table: Name,
    name: Ident,
    definition: String,
    enabled: char,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct PolicyRow {
    oid: u32,
    table: Name,
    name: Ident,
    permissive: bool,
    command: String,
    roles: Vec<Grantee>,
    using: Option<String>,
    check: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct RuleRow {
    oid: u32,
    table: Name,
    name: Ident,
    definition: String,
    enabled: char,
    comment: Option<String>,
}

pub(super) fn triggers(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<TriggerRow>>(answer)? {
        into.add(
            Address::whole(class::TRIGGER, row.oid),
            ObjectId::Trigger {
                table: row.table,
                name: row.name,
            },
            Object::Trigger(Trigger {
                definition: row.definition,
                enabled: row.enabled,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn policies(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for mut row in serde_json::from_str::<Vec<PolicyRow>>(answer)? {
        row.roles.sort();
        into.add(
            Address::whole(class::POLICY, row.oid),
            ObjectId::Policy {
                table: row.table,
                name: row.name,
            },
            Object::Policy(Policy {
                permissive: row.permissive,
                command: row.command,
                roles: row.roles,
                using: row.using,
                check: row.check,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn rules(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<RuleRow>>(answer)? {
        into.add(
            Address::whole(class::RULE, row.oid),
            ObjectId::Rule {
                table: row.table,
                name: row.name,
            },
            Object::Rule(Rule {
                definition: row.definition.trim_end_matches(';').to_owned(),
                enabled: row.enabled,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
