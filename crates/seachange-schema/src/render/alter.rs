//! How an object gets from one state to the other: in place, anew, or not at all.
//!
//! Every kind is taken apart without `..`, so that a new fact does not compile until it is handled.

use super::comment::{changed, comment_of};
use super::create::{enable, grantees};
use super::{
    Alteration, Work, database, owner::owner, privilege, sequence, statistics, table, types, view,
};
use crate::model::{
    Constraint, ConstraintKind, Default, Extension, Function, Index, Namespace, Object, ObjectId,
    Policy, Rule, Trigger,
};
use crate::name::{Ident, Name};

/// Both states are of one identity. Columns say `InPlace` with nothing: [`super::alter_column`] writes
/// their statements, since it has to know what else changes.
pub(crate) fn alter(id: &ObjectId, previous: &Object, next: &Object) -> Alteration {
    match (id, previous, next) {
        (_, Object::Schema(Namespace { comment: _ }), Object::Schema(_)) => {
            only_comment(id, previous, next)
        }
        (ObjectId::Extension { name }, Object::Extension(before), Object::Extension(after)) => {
            alter_extension(id, name, before, after)
        }
        (ObjectId::Type { name }, Object::Enum(before), Object::Enum(after)) => {
            types::alter_enum(name, before, after)
        }
        (ObjectId::Type { name }, Object::Domain(before), Object::Domain(after)) => {
            types::alter_domain(name, before, after)
        }
        (ObjectId::Type { name }, Object::Composite(before), Object::Composite(after)) => {
            types::alter_composite(name, before, after)
        }
        (ObjectId::Type { name }, Object::Range(before), Object::Range(after)) => {
            types::alter_range(name, before, after)
        }
        // An enum that becomes a domain, or the like.
        (ObjectId::Type { .. }, _, _) => Alteration::Recreate,
        (ObjectId::Sequence { name }, Object::Sequence(before), Object::Sequence(after)) => {
            sequence::alter(name, before, after)
        }
        (ObjectId::Function { .. }, Object::Function(before), Object::Function(after)) => {
            alter_function(id, before, after)
        }
        (ObjectId::Table { name }, Object::Table(before), Object::Table(after)) => {
            table::alter(name, before, after)
        }
        (ObjectId::Column { .. }, _, _) => Alteration::InPlace(Work::default()),
        (ObjectId::Default { table, column }, Object::Default(before), Object::Default(after)) => {
            alter_default(table, column, before, after)
        }
        (_, Object::Constraint(before), Object::Constraint(after)) => {
            alter_constraint(id, before, after)
        }
        (_, Object::Index(before), Object::Index(after)) => alter_index(id, before, after),
        (ObjectId::View { name }, Object::View(before), Object::View(after)) => {
            view::alter(name, before, after)
        }
        (ObjectId::Trigger { table, name }, Object::Trigger(before), Object::Trigger(after)) => {
            alter_trigger(id, table, name, before, after)
        }
        (ObjectId::Policy { table, name }, Object::Policy(before), Object::Policy(after)) => {
            alter_policy(id, table, name, before, after)
        }
        (ObjectId::Rule { table, name }, Object::Rule(before), Object::Rule(after)) => {
            alter_rule(id, table, name, before, after)
        }
        (ObjectId::Collation { .. }, Object::Collation(before), Object::Collation(after)) => {
            types::alter_collation(id, before, after)
        }
        (ObjectId::Statistics { name }, Object::Statistics(before), Object::Statistics(after)) => {
            statistics::alter(name, before, after)
        }
        (
            ObjectId::ReplicaIdentity { table } | ObjectId::ClusterMark { table },
            _,
            Object::TableMark(after),
        ) => Alteration::InPlace(Work::of(statistics::mark(table, after))),
        (
            ObjectId::Publication { name },
            Object::Publication(before),
            Object::Publication(after),
        ) => database::alter_publication(name, before, after),
        (
            ObjectId::EventTrigger { name },
            Object::EventTrigger(before),
            Object::EventTrigger(after),
        ) => database::alter_event_trigger(name, before, after),
        (ObjectId::Privileges { .. } | ObjectId::DefaultPrivileges { .. }, _, _) => {
            Alteration::InPlace(privilege::change(id, Some(previous), Some(next), None))
        }
        (ObjectId::Owner { of }, _, Object::Owner(role)) => {
            Alteration::InPlace(Work::of(owner(of, Some(role))))
        }
        _ => Alteration::Recreate,
    }
}

fn comment_change(id: &ObjectId, previous: &Object, next: &Object) -> Option<String> {
    changed(id, next, comment_of(previous), comment_of(next))
}

fn only_comment(id: &ObjectId, previous: &Object, next: &Object) -> Alteration {
    let mut work = Work::default();
    work.statements.extend(comment_change(id, previous, next));
    Alteration::InPlace(work)
}

fn alter_extension(
    id: &ObjectId,
    name: &Ident,
    previous: &Extension,
    next: &Extension,
) -> Alteration {
    let Extension {
        schema,
        version,
        comment: _,
    } = previous;
    let mut work = Work::default();
    if *version != next.version {
        work.add(match &next.version {
            Some(version) => format!(
                "ALTER EXTENSION {name} UPDATE TO {}",
                crate::name::literal(version)
            ),
            None => format!("ALTER EXTENSION {name} UPDATE"),
        });
    }
    if *schema != next.schema {
        work.add(format!("ALTER EXTENSION {name} SET SCHEMA {}", next.schema));
    }
    work.statements.extend(comment_change(
        id,
        &Object::Extension(previous.clone()),
        &Object::Extension(next.clone()),
    ));
    Alteration::InPlace(work)
}

/// CREATE OR REPLACE keeps a routine's kind, result and argument names, and takes no default away
/// (PostgreSQL manual, CREATE FUNCTION, "Notes").
fn alter_function(id: &ObjectId, previous: &Function, next: &Function) -> Alteration {
    let Function {
        kind,
        definition,
        arguments,
        result,
        sql_body: _,
        comment: _,
    } = previous;
    if *kind != next.kind || *arguments != next.arguments || *result != next.result {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *definition != next.definition {
        if !next.definition.starts_with("CREATE OR REPLACE") {
            return Alteration::Recreate;
        }
        work.add(next.definition.clone());
    }
    work.statements.extend(comment_change(
        id,
        &Object::Function(previous.clone()),
        &Object::Function(next.clone()),
    ));
    Alteration::InPlace(work)
}

fn alter_default(table: &Name, column: &Ident, previous: &Default, next: &Default) -> Alteration {
    let Default {
        expression: _,
        generated,
    } = previous;
    let mut work = Work::default();
    let alter = |what: String| format!("ALTER TABLE {table} ALTER COLUMN {column} {what}");
    if next.generated.is_some() {
        return Alteration::Recreate;
    }
    if generated.is_some() {
        work.add(alter("DROP EXPRESSION".to_owned()));
    }
    work.add(alter(format!("SET DEFAULT {}", next.expression)));
    Alteration::InPlace(work)
}

fn alter_constraint(id: &ObjectId, previous: &Constraint, next: &Constraint) -> Alteration {
    let Constraint {
        kind: _,
        definition,
        columns: _,
        references: _,
        validated,
        local: _,
        comment: _,
    } = previous;
    let mut work = Work::default();
    if *definition != next.definition {
        let validates = !*validated
            && next.validated
            && definition.strip_suffix(" NOT VALID") == Some(next.definition.as_str());
        let ObjectId::Constraint { table, name } = id else {
            return Alteration::Recreate;
        };
        let ((before, _), (after, deferrable)) =
            (deferrability(definition), deferrability(&next.definition));
        if validates {
            work.add(format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"));
        } else if next.kind == ConstraintKind::ForeignKey && before == after {
            work.add(format!(
                "ALTER TABLE {table} ALTER CONSTRAINT {name}{deferrable}"
            ));
        } else {
            return Alteration::Recreate;
        }
    }
    work.statements.extend(comment_change(
        id,
        &Object::Constraint(previous.clone()),
        &Object::Constraint(next.clone()),
    ));
    Alteration::InPlace(work)
}

/// A foreign key's definition without what ALTER CONSTRAINT can change, and that.
fn deferrability(definition: &str) -> (String, &'static str) {
    let (text, valid) = match definition.strip_suffix(" NOT VALID") {
        Some(text) => (text, " NOT VALID"),
        None => (definition, ""),
    };
    let (text, words) = if let Some(text) = text.strip_suffix(" DEFERRABLE INITIALLY DEFERRED") {
        (text, " DEFERRABLE INITIALLY DEFERRED")
    } else if let Some(text) = text.strip_suffix(" DEFERRABLE") {
        (text, " DEFERRABLE INITIALLY IMMEDIATE")
    } else {
        (text, " NOT DEFERRABLE")
    };
    (format!("{text}{valid}"), words)
}

fn alter_index(id: &ObjectId, previous: &Index, next: &Index) -> Alteration {
    let Index {
        table,
        unique,
        definition,
        parent,
        valid,
        comment: _,
    } = previous;
    if *table != next.table
        || *unique != next.unique
        || *definition != next.definition
        || *parent != next.parent
        || *valid != next.valid
    {
        return Alteration::Recreate;
    }
    only_comment(
        id,
        &Object::Index(previous.clone()),
        &Object::Index(next.clone()),
    )
}

fn alter_trigger(
    id: &ObjectId,
    table: &Name,
    name: &Ident,
    previous: &Trigger,
    next: &Trigger,
) -> Alteration {
    let Trigger {
        definition,
        enabled,
        comment: _,
    } = previous;
    if *definition != next.definition {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *enabled != next.enabled {
        work.add(enable(table, "TRIGGER", name, next.enabled));
    }
    work.statements.extend(comment_change(
        id,
        &Object::Trigger(previous.clone()),
        &Object::Trigger(next.clone()),
    ));
    Alteration::InPlace(work)
}

fn alter_policy(
    id: &ObjectId,
    table: &Name,
    name: &Ident,
    previous: &Policy,
    next: &Policy,
) -> Alteration {
    let Policy {
        permissive,
        command,
        roles,
        using,
        check,
        comment: _,
    } = previous;
    // ALTER POLICY can set an expression, not take it away.
    if *permissive != next.permissive
        || *command != next.command
        || (using.is_some() && next.using.is_none())
        || (check.is_some() && next.check.is_none())
    {
        return Alteration::Recreate;
    }
    let mut sql = String::new();
    if *roles != next.roles {
        sql.push_str(&format!(" TO {}", grantees(&next.roles)));
    }
    if let Some(expression) = &next.using
        && using != &next.using
    {
        sql.push_str(&format!(" USING ({expression})"));
    }
    if let Some(expression) = &next.check
        && check != &next.check
    {
        sql.push_str(&format!(" WITH CHECK ({expression})"));
    }
    let mut work = Work::default();
    if !sql.is_empty() {
        work.add(format!("ALTER POLICY {name} ON {table}{sql}"));
    }
    work.statements.extend(comment_change(
        id,
        &Object::Policy(previous.clone()),
        &Object::Policy(next.clone()),
    ));
    Alteration::InPlace(work)
}

fn alter_rule(
    id: &ObjectId,
    table: &Name,
    name: &Ident,
    previous: &Rule,
    next: &Rule,
) -> Alteration {
    let Rule {
        definition,
        enabled,
        comment: _,
    } = previous;
    if *definition != next.definition {
        return Alteration::Recreate;
    }
    let mut work = Work::default();
    if *enabled != next.enabled {
        work.add(enable(table, "RULE", name, next.enabled));
    }
    work.statements.extend(comment_change(
        id,
        &Object::Rule(previous.clone()),
        &Object::Rule(next.clone()),
    ));
    Alteration::InPlace(work)
}
