//! Whether two databases have the same schema, as far as rows depend on it: tables, columns, types and
//! keys. Indexes, views, functions, privileges and the like may differ.

use seachange_schema::model::{Column, Constraint, Default, Table};
use seachange_schema::{Object, ObjectId, Schema};

use crate::proof;

/// What the target has otherwise, in words.
pub(super) fn difference(source: &Schema, target: &Schema) -> Vec<String> {
    proof::difference(&essence(target), &essence(source))
}

fn essence(schema: &Schema) -> Schema {
    let objects = schema
        .objects
        .iter()
        .filter_map(|(id, object)| Some((id.clone(), essential(id, object)?)))
        .collect();
    Schema {
        objects,
        ..Schema::default()
    }
}

fn essential(id: &ObjectId, object: &Object) -> Option<Object> {
    match (id, object) {
        (ObjectId::Type { .. }, object) => Some(object.clone()),
        (_, Object::Table(table)) => Some(Object::Table(Table {
            parameters: Vec::new(),
            row_security: false,
            force_row_security: false,
            comment: None,
            ..table.clone()
        })),
        (_, Object::Column(column)) => Some(Object::Column(Column {
            identity: None,
            storage: None,
            statistics: None,
            comment: None,
            ..column.clone()
        })),
        (_, Object::Constraint(constraint)) => Some(Object::Constraint(Constraint {
            comment: None,
            ..constraint.clone()
        })),
        // A default is not asked where every value is given; a generated value is.
        (_, Object::Default(Default { generated, .. })) if generated.is_some() => {
            Some(object.clone())
        }
        _ => None,
    }
}
