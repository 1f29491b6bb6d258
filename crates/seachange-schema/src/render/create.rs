//! CREATE, for whatever is no table: tables gather their parts, see `table`.

use super::comment::{comment_of, comment_on};
use super::{
    Work, beside, column, database, owner::owner, privilege, sequence, statistics, table, types,
    view,
};
use crate::change::Changes;
use crate::model::{
    Constraint, ConstraintKind, Extension, Grantee, Index, Object, ObjectId, Policy, Rule, Trigger,
};
use crate::name::{Ident, Name, literal};
use crate::plan::HazardCode;

/// Makes an object that is there in `changes.next`, comment included.
pub(crate) fn create(id: &ObjectId, object: &Object, changes: &Changes) -> Work {
    let exists = |table: &Name| {
        changes.previous.contains(&ObjectId::Table {
            name: table.clone(),
        })
    };
    let mut work = match (id, object) {
        (ObjectId::Schema { name }, Object::Schema(_)) => Work::of(format!("CREATE SCHEMA {name}")),
        (ObjectId::Extension { name }, Object::Extension(extension)) => {
            Work::of(create_extension(name, extension))
        }
        (ObjectId::Type { name }, object) => types::create_type(name, object),
        (ObjectId::Sequence { name }, Object::Sequence(found)) => sequence::create(name, found),
        (ObjectId::Function { .. }, Object::Function(function)) => {
            Work::of(function.definition.clone())
        }
        (ObjectId::Table { name }, Object::Table(found)) => {
            return table::create_table(name, found, &changes.next, true);
        }
        (ObjectId::Column { table, name }, Object::Column(found)) => match changes.fills.get(id) {
            Some(fill) => beside::filled(table, name, found, fill, &changes.next),
            None => column::add_column(table, name, found, changes),
        },
        (
            ObjectId::Default {
                table,
                column: name,
            },
            Object::Default(default),
        ) => column::set_default(table, name, default, changes),
        (ObjectId::Constraint { table, name }, Object::Constraint(constraint)) => {
            add_constraint(table, name, constraint, exists(table))
        }
        (ObjectId::Index { name }, Object::Index(index)) => {
            create_index(name, index, changes, exists(&index.table))
        }
        (ObjectId::View { name }, Object::View(found)) => view::create(name, found),
        (ObjectId::Trigger { table, name }, Object::Trigger(trigger)) => {
            create_trigger(table, name, trigger)
        }
        (ObjectId::Policy { table, name }, Object::Policy(policy)) => {
            Work::of(create_policy(table, name, policy))
        }
        (ObjectId::Rule { table, name }, Object::Rule(rule)) => create_rule(table, name, rule),
        (ObjectId::Collation { name }, Object::Collation(collation)) => {
            Work::of(types::create_collation(name, collation))
        }
        (ObjectId::Statistics { name }, Object::Statistics(found)) => {
            statistics::create(name, found)
        }
        (
            ObjectId::ReplicaIdentity { table } | ObjectId::ClusterMark { table },
            Object::TableMark(mark),
        ) => Work::of(statistics::mark(table, mark)),
        (ObjectId::Publication { name }, Object::Publication(publication)) => {
            Work::of(database::create_publication(name, publication))
        }
        (ObjectId::PublicationTable { publication, table }, Object::PublicationTable(member)) => {
            Work::of(database::publish_table(publication, table, member))
        }
        (
            ObjectId::PublicationSchema {
                publication,
                schema,
            },
            Object::PublicationSchema,
        ) => Work::of(format!(
            "ALTER PUBLICATION {publication} ADD TABLES IN SCHEMA {schema}"
        )),
        (ObjectId::EventTrigger { name }, Object::EventTrigger(trigger)) => {
            database::create_event_trigger(name, trigger)
        }
        (ObjectId::Privileges { .. } | ObjectId::DefaultPrivileges { .. }, _) => {
            return privilege::change(id, None, Some(object), None);
        }
        (ObjectId::Owner { of }, Object::Owner(role)) => Work::of(owner(of, Some(role))),
        // An identity and its object are of one kind by construction of a schema.
        _ => unreachable!("{id} is not of its own kind"),
    };
    if let Some(comment) = comment_of(object) {
        work.add(comment_on(id, object, Some(comment)));
    }
    work
}

fn create_extension(name: &Ident, extension: &Extension) -> String {
    let Extension {
        schema,
        version,
        comment: _,
    } = extension;
    let mut sql = format!("CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA {schema}");
    if let Some(version) = version {
        sql.push_str(&format!(" VERSION {}", literal(version)));
    }
    sql
}

fn add_constraint(table: &Name, name: &Ident, constraint: &Constraint, exists: bool) -> Work {
    let mut work = Work::of(format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {}",
        constraint.definition
    ));
    if !exists || !constraint.validated {
        return work;
    }
    let subject = format!("{}.{}", table.plain(), name.as_str());
    let (fails, help) = match constraint.kind {
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
            ("two rows have the same key", "look for duplicates first")
        }
        ConstraintKind::ForeignKey => (
            "a row points at a row that is not there",
            "look for orphans first",
        ),
        ConstraintKind::Check | ConstraintKind::Exclusion => {
            ("a row violates it", "look for such rows first")
        }
    };
    work.risk(
        HazardCode::MayFail,
        subject.clone(),
        format!("fails, and changes nothing, if {fails}"),
        help,
    );
    work.risk(
        HazardCode::BlocksWrites,
        subject,
        format!(
            "writers of {} wait while every row is checked",
            table.plain()
        ),
        "",
    );
    work
}

fn create_index(name: &Name, index: &Index, changes: &Changes, exists: bool) -> Work {
    let Index {
        table,
        unique,
        definition,
        parent,
        valid: _,
        comment: _,
    } = index;
    let unique_word = if *unique { "UNIQUE " } else { "" };
    // Each partition gets its own under its own name, and attaches it.
    let partitioned = changes
        .next
        .tables()
        .any(|(_, other)| matches!(&other.partition_of, Some(of) if of.parent == *table));
    let only = if partitioned { "ONLY " } else { "" };
    // An index lives in its table's schema; its own name is never qualified here.
    let mut work = Work::of(format!(
        "CREATE {unique_word}INDEX {} ON {only}{table} USING {definition}",
        name.name
    ));
    if let Some(parent) = parent {
        work.add(format!("ALTER INDEX {parent} ATTACH PARTITION {name}"));
    }
    if !exists {
        return work;
    }
    if *unique {
        work.risk(
            HazardCode::MayFail,
            name.plain(),
            "fails, and changes nothing, if two rows have the same key",
            "look for duplicates first",
        );
    }
    work.with(
        HazardCode::BlocksWrites,
        name.plain(),
        format!("writers of {} wait while the index is built", table.plain()),
        "",
    )
}

fn create_trigger(table: &Name, name: &Ident, trigger: &Trigger) -> Work {
    let mut work = Work::of(trigger.definition.clone());
    if let Some(enable) = enabled(table, "TRIGGER", name, trigger.enabled) {
        work.add(enable);
    }
    work
}

fn create_rule(table: &Name, name: &Ident, rule: &Rule) -> Work {
    let mut work = Work::of(rule.definition.clone());
    if let Some(enable) = enabled(table, "RULE", name, rule.enabled) {
        work.add(enable);
    }
    work
}

/// The statement for a state other than the one that CREATE leaves.
fn enabled(table: &Name, word: &str, name: &Ident, state: char) -> Option<String> {
    (state != 'O').then(|| enable(table, word, name, state))
}

/// ALTER TABLE … ENABLE/DISABLE TRIGGER or RULE for a state as the catalog spells it.
pub(super) fn enable(table: &Name, word: &str, name: &Ident, state: char) -> String {
    let verb = match state {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER TABLE {table} {verb} {word} {name}")
}

fn create_policy(table: &Name, name: &Ident, policy: &Policy) -> String {
    let Policy {
        permissive,
        command,
        roles,
        using,
        check,
        comment: _,
    } = policy;
    let kind = if *permissive {
        "PERMISSIVE"
    } else {
        "RESTRICTIVE"
    };
    let mut sql = format!(
        "CREATE POLICY {name} ON {table} AS {kind} FOR {command} TO {}",
        grantees(roles)
    );
    if let Some(using) = using {
        sql.push_str(&format!(" USING ({using})"));
    }
    if let Some(check) = check {
        sql.push_str(&format!(" WITH CHECK ({check})"));
    }
    sql
}

/// Roles as a list.
pub(super) fn grantees(roles: &[Grantee]) -> String {
    let roles: Vec<String> = roles.iter().map(Grantee::to_string).collect();
    roles.join(", ")
}

/// `name=value` pairs of `reloptions` as WITH takes them.
pub(super) fn parameter_list(parameters: &[String]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", literal(value)),
            None => pair.clone(),
        })
        .collect();
    pairs.join(", ")
}
