//! What writes a whole table anew under ACCESS EXCLUSIVE.

use seachange_schema::plan::HazardCode;
use seachange_schema::{Object, ObjectId};

use super::{Check, Note, Rule, Site, type_change};
use crate::deed::{ColumnChange, NewColumn, What};
use crate::finding::{Severity, Work};

pub(crate) const RULE: Rule = Rule {
    code: "rewrites-table",
    severity: Severity::Warning,
    about: "readers and writers wait while a table is written anew",
    check: Check::Deed(check),
};

/// Functions whose value differs from row to row, of PostgreSQL and of the extensions that come with it
/// (`pg_proc.provolatile`). With any other as its default, a new column is added without a rewrite.
const VOLATILE: &[&str] = &[
    "clock_timestamp",
    "currval",
    "gen_random_bytes",
    "gen_random_uuid",
    "gen_salt",
    "lastval",
    "nextval",
    "random",
    "random_normal",
    "setseed",
    "setval",
    "timeofday",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuidv4",
    "uuidv7",
];

fn check(site: &Site<'_, '_>) -> Option<Note> {
    if let Some(change) = type_change::of(site) {
        return changed_type(site, change);
    }
    let (table, why, help) = match &site.deed.what {
        What::AddColumn { table, column } => {
            let (why, help) = added(site, column)?;
            (table, why, help)
        }
        What::AlterColumn {
            table,
            change: ColumnChange::SetExpression,
            ..
        } => (
            table,
            "a stored value is computed anew for every row".to_owned(),
            "a new generated column, and the old one dropped when nobody reads it any more".to_owned(),
        ),
        What::RewriteTable { table, by } => (
            table,
            format!("`{by}` copies the table"),
            "in a window in which nobody needs the table, or as pg_repack does it".to_owned(),
        ),
        What::Cluster { table: Some(table) } => (
            table,
            "`CLUSTER` copies the table".to_owned(),
            "pg_repack or pg_squeeze, which copy it while it is in use".to_owned(),
        ),
        What::Vacuum { full: true, tables } => (
            tables.first()?,
            "`VACUUM FULL` copies the table".to_owned(),
            "plain VACUUM, or pg_repack or pg_squeeze, which copy it while it is in use".to_owned(),
        ),
        _ => return None,
    };
    if !site.state.is_old(table) {
        return None;
    }
    let subject = match &site.deed.what {
        What::AddColumn { column, .. } => format!("{}.{}", table.plain(), column.name.as_str()),
        What::AlterColumn { column, .. } => format!("{}.{}", table.plain(), column.as_str()),
        _ => table.plain(),
    };
    Some(
        site.note(
            subject,
            format!("readers and writers of `{}` wait: {why}", table.plain()),
        )
        .help(help)
        .impact(site.impact(Work::Rewrite)),
    )
}

fn changed_type(site: &Site<'_, '_>, change: type_change::TypeChange) -> Option<Note> {
    let rewrites = change.effects.iter().any(|(code, _)| *code == HazardCode::RewritesTable);
    let why = match &change.from {
        _ if change.computed => "USING computes every value anew".to_owned(),
        None => format!("unless its type can become {} as it stands, every row is written anew", change.to),
        Some(from) if rewrites => format!("{from} to {} writes every row anew", change.to),
        Some(_) => return None,
    };
    Some(
        site.note(
            change.subject,
            format!("readers and writers of `{}` wait: {why}", change.table),
        )
        .help(
            "a new column of the new type, kept in step by a trigger, filled in batches; then the names change places, \
             and the old one goes in a later migration",
        )
        .impact(site.impact(Work::Rewrite)),
    )
}

fn added(site: &Site<'_, '_>, column: &NewColumn) -> Option<(String, String)> {
    let name = column.name.as_str();
    if column.generated && !column.virtual_ {
        return Some((
            "a stored generated column is computed for every row".to_owned(),
            "a plain column, filled in batches and kept in step by a trigger; from version 18 on, a VIRTUAL one".to_owned(),
        ));
    }
    let serial = column.data_type.as_ref().is_some_and(|it| it.serial);
    if column.identity || serial {
        return Some((
            "every row gets its number".to_owned(),
            format!(
                "add `{name}` without it, `SET DEFAULT nextval(…)` for new rows, fill the old ones in batches, then NOT \
                 NULL and ADD GENERATED"
            ),
        ));
    }
    if let Some(default) = &column.default
        && let Some(function) = default.calls.iter().find(|call| is_volatile(site, call))
    {
        return Some((
            format!("`{function}()` has another value for every row"),
            format!(
                "add `{name}` without a default, then `SET DEFAULT {}` for new rows, and fill the old ones in batches",
                default.text
            ),
        ));
    }
    let data_type = &column.data_type.as_ref()?.name;
    let (_, constrained) = site.state.base_type(data_type);
    constrained.then(|| {
        (
            format!("the checks of domain `{data_type}` are held against every row"),
            format!("add `{name}` with the domain's base type and a check NOT VALID"),
        )
    })
}

/// Whether a function is volatile: by the catalog where it is declared there (the default of CREATE FUNCTION),
/// else by the list.
fn is_volatile(site: &Site<'_, '_>, function: &str) -> bool {
    let objects = site.state.schema.into_iter().flat_map(|schema| &schema.objects);
    let declared = objects
        .filter_map(|(id, object)| match (id, object) {
            (ObjectId::Function { name, .. }, Object::Function(own)) if name.name.as_str() == function => {
                Some(own)
            }
            _ => None,
        })
        .next();
    match declared {
        Some(own) => {
            let head = own.definition.split("AS ").next().unwrap_or_default();
            !head.contains("IMMUTABLE") && !head.contains("STABLE")
        }
        None => VOLATILE.contains(&function),
    }
}
