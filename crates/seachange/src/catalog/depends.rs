//! `pg_depend` told in the model's objects.
//!
//! Much of what the catalog records is between things that the model does not name: an array type,
//! a row type, a constraint's index, a view's rule. Each of those depends internally on the object
//! that it is a part of, and an extension's member on its extension; so an address that the model
//! does not know is followed to its whole until it reaches one that it does.

use std::collections::HashMap;

use seachange_schema::{Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly};

#[derive(Deserialize)]
struct Row {
    /// Class, object and part of the dependent and of what it needs; 1 for an inside, else 0.
    numbers: (u32, u32, i32, u32, u32, i32, u8),
}

struct Dependence {
    dependent: Address,
    needed: Address,
    /// The dependent is a part of what it needs, its whole.
    inside: bool,
}

impl From<Row> for Dependence {
    fn from(Row { numbers }: Row) -> Self {
        let (class, object, part, of_class, of_object, of_part, inside) = numbers;
        Self {
            dependent: Address::part(class, object, part),
            needed: Address::part(of_class, of_object, of_part),
            inside: inside == 1,
        }
    }
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    let rows: Vec<Row> = serde_json::from_str(answer)?;
    let rows: Vec<Dependence> = rows.into_iter().map(Dependence::from).collect();
    let wholes: HashMap<Address, Address> = rows
        .iter()
        .filter(|row| row.inside)
        .map(|row| (row.dependent, row.needed))
        .collect();

    let mut edges = Vec::new();
    for row in &rows {
        let dependent = resolve(into, &wholes, row.dependent);
        let needed = resolve(into, &wholes, row.needed);
        if let (Some(dependent), Some(needed)) = (dependent, needed) {
            edges.push((reader(into, dependent, needed), needed.clone()));
        }
    }
    for (dependent, needed) in edges {
        if dependent != needed && !goes_without_saying(into, &dependent, &needed) {
            into.schema
                .depends
                .entry(dependent)
                .or_default()
                .insert(needed);
        }
    }
    Ok(())
}

/// The object of the model that an address belongs to.
fn resolve<'a>(
    assembly: &'a Assembly,
    wholes: &HashMap<Address, Address>,
    mut address: Address,
) -> Option<&'a ObjectId> {
    // An array of a table's row type: array, row type, table. Nothing is nested deeper than this.
    for _ in 0..8 {
        // A view's or a composite type's column has no identity; the whole has.
        let whole = Address::whole(address.class, address.object);
        if let Some(id) = assembly.get(address).or_else(|| assembly.get(whole)) {
            return Some(id);
        }
        address = *wholes.get(&address).or_else(|| wholes.get(&whole))?;
    }
    None
}

/// Version 14 lets a generated column itself depend on what its expression reads; later ones, as
/// the model, the expression. What only a column needs is its type.
fn reader(assembly: &Assembly, dependent: &ObjectId, needed: &ObjectId) -> ObjectId {
    if let ObjectId::Column { table, name } = dependent
        && !matches!(needed, ObjectId::Type { .. } | ObjectId::Extension { .. })
    {
        let expression = ObjectId::Default {
            table: table.clone(),
            column: name.clone(),
        };
        if assembly.schema.contains(&expression) {
            return expression;
        }
    }
    dependent.clone()
}

/// Whether it is what makes the dependent a part: its own table or view, or the schema that an
/// identity column's sequence is in.
fn goes_without_saying(assembly: &Assembly, dependent: &ObjectId, needed: &ObjectId) -> bool {
    let own = match assembly.schema.get(dependent) {
        Some(Object::Index(index)) => Some(&index.table),
        _ => dependent.relation(),
    };
    match needed {
        ObjectId::Table { name } | ObjectId::View { name } => own == Some(name),
        ObjectId::Schema { .. } => own.is_some(),
        _ => false,
    }
}
