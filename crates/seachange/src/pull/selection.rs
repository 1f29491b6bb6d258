//! The part of a schema that is wanted: all of it, some tables, or one PostgreSQL schema; always with
//! what it needs.

use std::collections::BTreeSet;

use seachange_schema::model::ConstraintKind;
use seachange_schema::name::DEFAULT_SCHEMA;
use seachange_schema::needs::Needs;
use seachange_schema::{Name, Object, ObjectId, Schema};

use super::{Note, PullError};

/// What to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Every table of the database.
    #[default]
    Everything,
    /// By their plain names: `users`, `audit.log`.
    Tables(Vec<String>),
    /// Everything in it.
    Schema(String),
}

impl Selection {
    /// The selected part, by itself.
    pub(super) fn of(&self, schema: &Schema, notes: &mut Vec<Note>) -> Result<Schema, PullError> {
        let wanted = match self {
            Self::Everything => return Ok(part(schema, |_| true)),
            Self::Tables(names) => tables(schema, names)?,
            Self::Schema(name) => in_schema(schema, name)?,
        };
        let left_out = |id: &ObjectId| match schema.get(id) {
            Some(Object::Constraint(constraint)) => {
                constraint.kind == ConstraintKind::ForeignKey
                    && constraint.references.as_ref().is_some_and(|table| {
                        !wanted.contains(&ObjectId::Table {
                            name: table.clone(),
                        })
                    })
            }
            _ => false,
        };
        let mut kept = wanted.clone();
        for id in wanted.iter().filter(|id| left_out(id)) {
            kept.remove(id);
            notes.push(Note {
                object: id.to_string(),
                reason: "it leads to a table that was not asked for, and is left out".to_owned(),
            });
        }
        let kept = closure(schema, kept);
        Ok(part(schema, |id| kept.contains(id)))
    }
}

fn tables(schema: &Schema, names: &[String]) -> Result<BTreeSet<ObjectId>, PullError> {
    let mut found = BTreeSet::new();
    for name in names {
        let table = schema
            .tables()
            .map(|(table, _)| table)
            .find(|table| table.plain() == *name)
            .ok_or_else(|| PullError::NoTable { name: name.clone() })?;
        found.insert(table.clone());
    }
    let parts = schema.objects.keys().filter(|id| {
        let table = table_of(schema, id);
        table.is_some_and(|table| found.contains(table))
    });
    Ok(parts.cloned().collect())
}

/// The table or view that an object is, or belongs to.
pub(super) fn table_of<'a>(schema: &'a Schema, id: &'a ObjectId) -> Option<&'a Name> {
    match (id, schema.get(id)) {
        (ObjectId::Table { name }, _) => Some(name),
        (ObjectId::Privileges { of, .. }, _) => table_of(schema, of),
        (_, Some(Object::Index(index))) => Some(&index.table),
        (_, Some(Object::Statistics(statistics))) => Some(&statistics.table),
        (_, Some(Object::Sequence(sequence))) => sequence.owned_by.as_ref().map(|(table, _)| table),
        _ => id.relation(),
    }
}

fn in_schema(schema: &Schema, name: &str) -> Result<BTreeSet<ObjectId>, PullError> {
    let there = ObjectId::Schema { name: name.into() };
    if !schema.contains(&there) {
        return Err(PullError::NoSchema {
            name: name.to_owned(),
        });
    }
    let of = |id: &ObjectId| schema_of(id).is_some_and(|it| it.schema.as_str() == name);
    let mut found: BTreeSet<ObjectId> =
        schema.objects.keys().filter(|id| of(id)).cloned().collect();
    found.insert(there);
    Ok(found)
}

/// The qualified name that an object, or the relation that it is a part of, goes by.
fn schema_of(id: &ObjectId) -> Option<&Name> {
    id.relation().or(match id {
        ObjectId::Type { name }
        | ObjectId::Sequence { name }
        | ObjectId::Function { name, .. }
        | ObjectId::Table { name }
        | ObjectId::Index { name }
        | ObjectId::Collation { name }
        | ObjectId::Statistics { name }
        | ObjectId::View { name } => Some(name),
        ObjectId::Privileges { of, .. } => schema_of(of),
        _ => None,
    })
}

/// The objects with everything that they need; a table that is needed comes with its columns.
pub(super) fn closure(schema: &Schema, from: BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
    let needs = Needs::of(schema);
    let mut waiting: Vec<ObjectId> = from.into_iter().collect();
    let mut found = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !found.insert(id.clone()) {
            continue;
        }
        waiting.extend(needs.of_object(&id).cloned());
        if let ObjectId::Table { name } = &id {
            let parts = schema.objects.keys().filter(|part| match part {
                ObjectId::Column { table, .. } | ObjectId::Default { table, .. } => table == name,
                _ => false,
            });
            waiting.extend(parts.cloned());
        }
    }
    found
}

/// Some objects of a schema, and the needs among them. What has no model is left to the caller; owners are
/// the database's own and nobody's declaration.
pub(super) fn part(schema: &Schema, wanted: impl Fn(&ObjectId) -> bool) -> Schema {
    let from_the_start =
        |id: &ObjectId| matches!(id, ObjectId::Schema { name } if name.as_str() == DEFAULT_SCHEMA);
    let owner = |id: &ObjectId| matches!(id, ObjectId::Owner { .. });
    let kept = |id: &ObjectId| (wanted(id) && !owner(id)) || from_the_start(id);
    let objects = schema.objects.iter().filter(|(id, _)| kept(id));
    let depends = schema.depends.iter().filter(|(id, _)| kept(id));
    Schema {
        objects: objects.map(|(id, it)| (id.clone(), it.clone())).collect(),
        depends: depends
            .map(|(id, needs)| {
                let needs = needs.iter().filter(|id| kept(id)).cloned().collect();
                (id.clone(), needs)
            })
            .filter(|(_, needs): &(_, BTreeSet<_>)| !needs.is_empty())
            .collect(),
        ..Schema::default()
    }
}
