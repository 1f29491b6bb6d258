//! A type that can't change without writing every row: a column of the new type is added beside, kept in step by a
//! trigger, filled in batches, and takes the old one's place, with the keys, indexes and checks that were built on
//! it meanwhile.

mod built;

use self::built::{Builder, Built};
use super::{Ground, Part, volatile};
use crate::model::{Column, Object, ObjectId, Persistence};
use crate::name::{Ident, Name, free};
use crate::needs::is_of_strict_domain;
use crate::plan::heirs;
use crate::plan::step::{Step, Verb};
use crate::plan::{Hazard, HazardCode, Transaction};
use crate::render;

/// A column of a table in use whose change of type would write the table.
pub(super) fn retyped(ground: &Ground<'_>, at: usize) -> Option<Vec<Part>> {
    let step = &ground.steps[at];
    let (ObjectId::Column { table, name }, Verb::Alter) = (&step.object, step.verb) else {
        return None;
    };
    let (Some(Object::Column(before)), Some(Object::Column(after))) = (
        ground.changes.previous.get(&step.object),
        ground.changes.next.get(&step.object),
    ) else {
        return None;
    };
    let rewrites = (step.hazards.iter()).any(|hazard| hazard.code == HazardCode::RewritesTable);
    if !rewrites
        || before.data_type == after.data_type
        || [before, after]
            .iter()
            .any(|column| column.identity.is_some() || !column.local)
        || !ground.in_use(table)
        || !stands_alone(ground, table)
        || !says_nothing_else(step, table, name)
        // A column of it can't be put beside without writing every row.
        || is_of_strict_domain(&ground.changes.next, &step.object)
    {
        return None;
    }
    let key = volatile::key(ground, table)?;
    let swap = Swap {
        table,
        name,
        new: beside(ground, table, name, "__new"),
        trigger: trigger(ground, table, name),
        before,
        after,
    };
    let built = Builder {
        ground,
        table,
        old: name,
        new: &swap.new,
        made: Built::default(),
    };
    let built = built.all()?;
    Some(swap.parts(ground, step, &key, built))
}

struct Swap<'a> {
    table: &'a Name,
    name: &'a Ident,
    new: Ident,
    trigger: Ident,
    before: &'a Column,
    after: &'a Column,
}

impl Swap<'_> {
    fn parts(&self, ground: &Ground<'_>, step: &Step, key: &Ident, built: Built) -> Vec<Part> {
        let Self {
            table,
            name,
            new,
            trigger,
            before,
            after,
        } = self;
        let cast = |column: String| {
            render::cast(&column, &before.data_type, &after.data_type).unwrap_or(column)
        };
        let not_null = ground.free_constraint(table, name, "__not_null");
        let mut add = render::added_beside(table, new, after);
        let body = format!("NEW.{new} := {};", cast(format!("NEW.{name}")));
        add.extend(render::kept_in_step(table, trigger, &body));
        let mut fill = vec![format!(
            "-- seachange: backfill by {key}\nUPDATE {table} SET {new} = {} WHERE {new} IS NULL AND {name} IS NOT NULL",
            cast(name.to_string())
        )];
        let mut swap: Vec<String> = render::kept_no_longer(table, trigger).into();
        if after.not_null {
            add.push(format!(
                "ALTER TABLE {table} ADD CONSTRAINT {not_null} CHECK ({new} IS NOT NULL) NOT VALID"
            ));
            fill.push(format!(
                "ALTER TABLE {table} VALIDATE CONSTRAINT {not_null}"
            ));
        }
        add.extend(built.added);
        fill.extend(built.built);
        swap.extend(built.taken_down);
        swap.push(format!("ALTER TABLE {table} DROP COLUMN {name}"));
        swap.push(format!("ALTER TABLE {table} RENAME COLUMN {new} TO {name}"));
        if after.not_null {
            swap.push(format!(
                "ALTER TABLE {table} ALTER COLUMN {name} SET NOT NULL"
            ));
            swap.push(format!("ALTER TABLE {table} DROP CONSTRAINT {not_null}"));
        }
        swap.extend(built.put_up);
        let moved = Hazard::new(
            HazardCode::BreaksQueries,
            format!("{}.{}", table.plain(), name.as_str()),
            format!("the column comes to stand behind the others of {}: INSERT without a list of columns meets another order", table.plain()),
        )
        .help("name the columns, as SeaORM does");
        let mut parts = vec![
            Part::of(step, Transaction::One, "beside the old one", add).beside_the_old(),
            Part::of(step, Transaction::None, "for all rows", fill)
                .with_hazards_of(step)
                .beside_the_old(),
            Part::of(step, Transaction::One, "in the old one's place", swap).and_hazard(moved),
        ];
        if !built.validated.is_empty() {
            parts.push(
                Part::of(
                    step,
                    Transaction::None,
                    "what refers to it",
                    built.validated,
                )
                .nobody_waits(),
            );
        }
        parts
    }
}

/// Whether a table has no rows elsewhere, and nobody else's here.
fn stands_alone(ground: &Ground<'_>, table: &Name) -> bool {
    let id = ObjectId::Table {
        name: table.clone(),
    };
    [&ground.changes.previous, &ground.changes.next]
        .into_iter()
        .all(|schema| {
            let alone = matches!(schema.get(&id), Some(Object::Table(table))
                if table.partition_by.is_none() && table.persistence == Persistence::Permanent);
            alone
                && heirs::parents(schema, table).is_empty()
                && schema
                    .tables()
                    .all(|(other, _)| !heirs::parents(schema, other).contains(&table))
        })
}

/// Whether all that is done to the column is the column's own, which the new one gets with its definition.
fn says_nothing_else(step: &Step, table: &Name, name: &Ident) -> bool {
    let own = [
        format!("ALTER TABLE {table} ALTER COLUMN {name} "),
        format!("COMMENT ON COLUMN {table}.{name} IS "),
    ];
    (step.statements.iter()).all(|sql| own.iter().any(|start| sql.starts_with(start)))
}

/// A column's name near `name` that the table has neither before nor after.
fn beside(ground: &Ground<'_>, table: &Name, name: &Ident, end: &str) -> Ident {
    let taken = |text: &str| {
        let id = ObjectId::Column {
            table: table.clone(),
            name: text.into(),
        };
        ground.changes.previous.contains(&id) || ground.changes.next.contains(&id)
    };
    Ident::new(free(name.as_str(), end, taken))
}

/// The name of the trigger that keeps the two in step, and of its function.
fn trigger(ground: &Ground<'_>, table: &Name, column: &Ident) -> Ident {
    let taken = |text: &str| {
        let trigger = ObjectId::Trigger {
            table: table.clone(),
            name: text.into(),
        };
        let function = ObjectId::Function {
            name: table.sibling(&text.into()),
            arguments: String::new(),
        };
        [&ground.changes.previous, &ground.changes.next]
            .iter()
            .any(|schema| schema.contains(&trigger) || schema.contains(&function))
    };
    let near = format!("zz_{}_{}", table.name.as_str(), column.as_str());
    Ident::new(free(&near, "__in_step", taken))
}
