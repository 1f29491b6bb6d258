//! Foreign keys between entities, taken apart.

use std::collections::BTreeSet;

use sea_orm::sea_query::ForeignKeyAction;
use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId};

use super::super::Note;
use super::super::declared::{Entity, Field, Index};
use super::{Choice, spelled, tables};

/// A foreign key between two entities.
pub(super) struct Key {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) columns: Vec<Ident>,
    pub(super) to_columns: Vec<Ident>,
    pub(super) on_delete: Option<ForeignKeyAction>,
    pub(super) on_update: Option<ForeignKeyAction>,
    /// Whether an entity can say all of it.
    pub(super) plain: bool,
}

pub(super) fn keys(choice: &Choice<'_>, entities: &[Entity], notes: &mut Vec<Note>) -> Vec<Key> {
    let place = |table: &Name| entities.iter().position(|entity| entity.table == *table);
    let mut keys = Vec::new();
    for (id, object) in &choice.schema.objects {
        let (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) = (id, object)
        else {
            continue;
        };
        if constraint.kind != ConstraintKind::ForeignKey {
            continue;
        }
        let (Some(from), Some(target)) = (place(table), &constraint.references) else {
            continue;
        };
        let key = place(target).and_then(|to| parsed(constraint, from, to));
        match key {
            Some(key) => keys.push(key),
            None => notes.push(Note {
                object: id.to_string(),
                reason: format!(
                    "it leads to `{}`, which is no entity, so it is no relation; it stands in sql/after",
                    target.plain()
                ),
            }),
        }
    }
    keys
}

/// `FOREIGN KEY (a) REFERENCES t(b) ON UPDATE … ON DELETE …`.
fn parsed(constraint: &Constraint, from: usize, to: usize) -> Option<Key> {
    let text = constraint.definition.strip_prefix("FOREIGN KEY ")?;
    let (columns, text) = spelled::list(text)?;
    let text = text.strip_prefix(" REFERENCES ")?;
    let (_, text) = spelled::identifier(text)?;
    let text = match text.strip_prefix('.') {
        Some(text) => spelled::identifier(text)?.1,
        None => text,
    };
    let (to_columns, mut rest) = spelled::list(text)?;
    let mut action = |clause: &str| {
        let after = rest.strip_prefix(clause)?;
        let actions = [
            (" CASCADE", ForeignKeyAction::Cascade),
            (" SET NULL", ForeignKeyAction::SetNull),
            (" SET DEFAULT", ForeignKeyAction::SetDefault),
            (" RESTRICT", ForeignKeyAction::Restrict),
        ];
        let (word, action) = actions
            .into_iter()
            .find(|(word, _)| after.starts_with(word))?;
        rest = &after[word.len()..];
        Some(action)
    };
    let on_update = action(" ON UPDATE");
    let on_delete = action(" ON DELETE");
    Some(Key {
        from,
        to,
        columns,
        to_columns,
        on_delete,
        on_update,
        plain: rest.is_empty() && constraint.validated,
    })
}

/// Whether there can be but one row for each of the other table.
pub(super) fn is_one(choice: &Choice<'_>, from: &Entity, key: &Key) -> bool {
    let columns: BTreeSet<&Ident> = key.columns.iter().collect();
    let primary: BTreeSet<&Ident> = choice.tables[&from.table].iter().collect();
    primary == columns
        || choice
            .schema
            .objects
            .iter()
            .any(|(id, object)| match object {
                Object::Constraint(constraint) => {
                    id.relation() == Some(&from.table)
                        && constraint.kind == ConstraintKind::Unique
                        && constraint.columns.iter().collect::<BTreeSet<_>>() == columns
                }
                _ => false,
            })
}

/// Whether the entity itself makes the columns unique. What is only made so behind the entities, a
/// foreign key of theirs can't refer to.
pub(super) fn is_declared_unique(choice: &Choice<'_>, entity: &Entity, columns: &[Ident]) -> bool {
    let columns: BTreeSet<&Ident> = columns.iter().collect();
    let are = |which: &dyn Fn(&Field) -> bool| {
        let fields = entity.fields.iter().filter(|field| which(field));
        fields.map(|field| &field.column).collect::<BTreeSet<_>>() == columns
    };
    let key = are(&|field| field.primary_key) && tables::is_plain(choice.schema, &entity.table);
    let by_attribute = |one: &Field| {
        let alone = one.unique && are(&|field| field.column == one.column);
        alone || one.unique_key.is_some() && are(&|field| field.unique_key == one.unique_key)
    };
    let by_index =
        |index: &Index| index.unique && index.columns.iter().collect::<BTreeSet<_>>() == columns;
    key || entity.fields.iter().any(by_attribute) || entity.indexes.iter().any(by_index)
}
