//! Primary keys and unique constraints: the index is built concurrently, and the constraint takes it over
//! (PostgreSQL manual, ALTER TABLE, "ADD table_constraint_using_index").

mod partitioned;

use super::{Ground, Part};
use crate::model::{Constraint, ConstraintKind, Object, ObjectId};
use crate::name::{Ident, Name};
use crate::plan::step::Verb;
use crate::plan::{Transaction, heirs};
use crate::spelling::closing;

/// A key on a table in use.
pub(super) fn added(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Constraint { table, name }, Some(Object::Constraint(constraint)), Verb::Create) = (
        &step.object,
        ground.changes.next.get(&step.object),
        step.verb,
    ) else {
        return None;
    };
    let word = match constraint.kind {
        ConstraintKind::PrimaryKey => "PRIMARY KEY",
        ConstraintKind::Unique => "UNIQUE",
        _ => return None,
    };
    if !ground.in_use(table)
        || !(constraint.local || heirs::joins_with(&step.object, ground.changes))
    {
        return None;
    }
    let (first, rest) = step.statements.split_first()?;
    let plain = format!(
        "ALTER TABLE {table} ADD CONSTRAINT {name} {}",
        constraint.definition
    );
    if *first != plain {
        return None;
    }
    if ground.is_partitioned(table) {
        return partitioned::added(ground, at, constraint, word, rest);
    }
    let (build, add) = taken_over(ground, table, name, constraint, word)?;
    let mut take_over = vec![add];
    take_over.extend_from_slice(rest);
    Some(vec![
        Part::of(step, Transaction::None, "its index", vec![build])
            .with_hazards_of(step)
            .beside_the_old(),
        Part::of(step, Transaction::One, "", take_over),
    ])
}

/// The statement that builds a key's index, and the one that makes it the key's.
fn taken_over(
    ground: &Ground<'_>,
    table: &Name,
    name: &Ident,
    constraint: &Constraint,
    word: &str,
) -> Option<(String, String)> {
    let key = Key::of(constraint.definition.strip_prefix(word)?)?;
    let own = table.sibling(name);
    let index = match ground.changes.previous.names(&own) {
        true => ground.free(&own, "__new"),
        false => own,
    };
    Some((
        format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {} ON {table} USING btree {}",
            index.name, key.index
        ),
        format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {}{}",
            index.name, key.deferrable
        ),
    ))
}

/// What follows the word in a key's definition, as CREATE INDEX and ADD CONSTRAINT take it.
pub(super) struct Key {
    pub(super) index: String,
    pub(super) deferrable: String,
}

impl Key {
    /// None for what no index can be made of beforehand: WITHOUT OVERLAPS.
    pub(super) fn of(definition: &str) -> Option<Self> {
        let definition = definition.trim_start();
        if definition.contains(" WITHOUT OVERLAPS)") {
            return None;
        }
        let (not_distinct, definition) = match definition.strip_prefix("NULLS NOT DISTINCT ") {
            Some(rest) => (" NULLS NOT DISTINCT", rest),
            None => ("", definition),
        };
        let (columns, rest) = definition.split_at(closing(definition)?);
        let (include, rest) = match rest.strip_prefix(" INCLUDE ") {
            Some(covered) => rest.split_at(" INCLUDE ".len() + closing(covered)?),
            None => ("", rest),
        };
        let end = rest.find(" DEFERRABLE").unwrap_or(rest.len());
        let (parameters, deferrable) = rest.split_at(end);
        Some(Self {
            index: format!("{columns}{include}{not_distinct}{parameters}"),
            deferrable: deferrable.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(definition: &str) -> Option<(String, String)> {
        Key::of(definition).map(|key| (key.index, key.deferrable))
    }

    #[test]
    fn a_definition_is_taken_apart() {
        assert_eq!(
            taken_apart(
                r#" NULLS NOT DISTINCT ("a)", b) INCLUDE ("c""(") WITH (fillfactor='70') DEFERRABLE INITIALLY DEFERRED"#
            ),
            Some((
                r#"("a)", b) INCLUDE ("c""(") NULLS NOT DISTINCT WITH (fillfactor='70')"#
                    .to_owned(),
                " DEFERRABLE INITIALLY DEFERRED".to_owned()
            ))
        );
        assert_eq!(
            taken_apart(" (id)"),
            Some(("(id)".to_owned(), String::new()))
        );
        assert_eq!(taken_apart(" (id, during WITHOUT OVERLAPS)"), None);
    }
}
