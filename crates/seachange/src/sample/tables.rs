//! What is copied: tables with their columns, the relations that hold their rows, and what they refer to.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::error::SampleError;

/// A table, or the root of a partitioned one. Tables that inherit are tables of their own.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) name: Name,
    /// Where the rows are: the table itself, or its partitions that have none of their own.
    pub(super) leaves: Vec<Name>,
    /// Without the generated ones, in the table's order.
    pub(super) columns: Vec<Ident>,
    /// Of the primary key; empty without one.
    pub(super) key: Vec<Ident>,
    pub(super) foreign_keys: Vec<ForeignKey>,
}

#[derive(Debug)]
pub(super) struct ForeignKey {
    pub(super) name: Ident,
    /// The table that has it: mostly the root, else one of its partitions.
    pub(super) on: Name,
    /// Those of the table's leaves that it holds for.
    pub(super) leaves: BTreeSet<usize>,
    pub(super) columns: Vec<Ident>,
    /// The table it points at, by its place among all.
    pub(super) parent: usize,
    /// The same by name, or one of its partitions.
    pub(super) parent_name: Name,
    pub(super) parent_is_partitioned: bool,
    pub(super) parent_columns: Vec<Ident>,
    pub(super) deferrable: bool,
}

/// Every table of a schema, in order of names.
pub(super) fn tables(schema: &Schema) -> Result<Vec<Table>, SampleError> {
    let mut tables: Vec<Table> = Vec::new();
    let mut places: BTreeMap<&Name, usize> = BTreeMap::new();
    for (name, table) in schema.tables() {
        if table.partition_of.is_some() {
            continue;
        }
        places.insert(name, tables.len());
        tables.push(Table {
            name: name.clone(),
            leaves: leaves(schema, name),
            columns: columns(schema, name),
            key: key(schema, name),
            foreign_keys: Vec::new(),
        });
    }
    for (on, name, constraint) in constraints(schema, ConstraintKind::ForeignKey) {
        let Some(to) = constraint.references.as_ref().filter(|_| constraint.local) else {
            continue;
        };
        let (Some(&child), Some(&parent)) =
            (places.get(root(schema, on)), places.get(root(schema, to)))
        else {
            continue;
        };
        let Some(parent_columns) = referenced_columns(&constraint.definition)
            .filter(|columns| columns.len() == constraint.columns.len())
        else {
            return Err(SampleError::ForeignKey {
                table: on.plain(),
                constraint: name.as_str().to_owned(),
            });
        };
        let below: BTreeSet<Name> = leaves(schema, on).into_iter().collect();
        let of_child = tables[child].leaves.iter().enumerate();
        let leaves = of_child
            .filter(|(_, leaf)| below.contains(leaf))
            .map(|(place, _)| place)
            .collect();
        tables[child].foreign_keys.push(ForeignKey {
            name: name.clone(),
            on: on.clone(),
            leaves,
            columns: constraint.columns.clone(),
            parent,
            parent_name: to.clone(),
            parent_is_partitioned: is_partitioned(schema, to),
            parent_columns,
            deferrable: constraint.definition.contains(" DEFERRABLE"),
        });
    }
    Ok(tables)
}

/// Every constraint of a kind: its table, its name and itself.
pub(super) fn constraints(
    schema: &Schema,
    kind: ConstraintKind,
) -> impl Iterator<Item = (&Name, &Ident, &Constraint)> {
    schema
        .objects
        .iter()
        .filter_map(move |(id, object)| match (id, object) {
            (ObjectId::Constraint { table, name }, Object::Constraint(constraint))
                if constraint.kind == kind =>
            {
                Some((table, name, constraint))
            }
            _ => None,
        })
}

/// The partitioned table at the top, or the table itself.
pub(super) fn root<'a>(schema: &'a Schema, name: &'a Name) -> &'a Name {
    let mut name = name;
    while let Some(Object::Table(table)) = schema.get(&ObjectId::Table { name: name.clone() }) {
        match &table.partition_of {
            Some(partition) => name = &partition.parent,
            None => break,
        }
    }
    name
}

fn is_partitioned(schema: &Schema, name: &Name) -> bool {
    matches!(
        schema.get(&ObjectId::Table { name: name.clone() }),
        Some(Object::Table(table)) if table.partition_by.is_some()
    )
}

fn leaves(schema: &Schema, name: &Name) -> Vec<Name> {
    if !is_partitioned(schema, name) {
        return vec![name.clone()];
    }
    schema
        .tables()
        .filter(|(_, table)| {
            let partition = table.partition_of.as_ref();
            partition.is_some_and(|partition| partition.parent == *name)
        })
        .flat_map(|(partition, _)| leaves(schema, partition))
        .collect()
}

fn columns(schema: &Schema, table: &Name) -> Vec<Ident> {
    let generated = |column: &Ident| {
        let id = ObjectId::Default {
            table: table.clone(),
            column: column.clone(),
        };
        matches!(schema.get(&id), Some(Object::Default(default)) if default.generated.is_some())
    };
    let columns = schema.columns(table).into_iter();
    columns
        .filter(|(name, _)| !generated(name))
        .map(|(name, _)| name.clone())
        .collect()
}

fn key(schema: &Schema, table: &Name) -> Vec<Ident> {
    constraints(schema, ConstraintKind::PrimaryKey)
        .find(|(of, ..)| *of == table)
        .map(|(_, _, constraint)| constraint.columns.clone())
        .unwrap_or_default()
}

/// `FOREIGN KEY (a, b) REFERENCES parent(x, "y z") ON DELETE …`: x and y z. None where it says more than
/// names there (`PERIOD valid_at`).
fn referenced_columns(definition: &str) -> Option<Vec<Ident>> {
    let mut lists = Lists(definition);
    lists.next_list()?;
    lists.next_list()
}

/// What of a definition was not read yet.
struct Lists<'a>(&'a str);

impl Lists<'_> {
    /// The next names in parentheses.
    fn next_list(&mut self) -> Option<Vec<Ident>> {
        while !self.0.starts_with('(') {
            match self.0.starts_with('"') {
                true => drop(self.identifier()?),
                false => self.0 = self.0.get(self.0.chars().next()?.len_utf8()..)?,
            }
        }
        let mut names = Vec::new();
        loop {
            self.0 = self.0.get(1..)?.trim_start();
            names.push(self.identifier()?);
            match self.0.chars().next()? {
                ',' => {}
                ')' => return Some(names),
                _ => return None,
            }
        }
    }

    fn identifier(&mut self) -> Option<Ident> {
        let Some(quoted) = self.0.strip_prefix('"') else {
            let end = self.0.find([',', ')', ' '])?;
            let (name, rest) = self.0.split_at(end);
            self.0 = rest;
            return Some(Ident::new(name));
        };
        let mut name = String::new();
        let mut characters = quoted.char_indices().peekable();
        while let Some((at, one)) = characters.next() {
            if one != '"' {
                name.push(one);
            } else if characters.next_if(|(_, next)| *next == '"').is_some() {
                name.push('"');
            } else {
                self.0 = &quoted[at + 1..];
                return Some(Ident::new(name));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn referenced_columns_are_read_off_the_definition() {
        for (definition, columns) in [
            (
                "FOREIGN KEY (a) REFERENCES users(id) ON DELETE CASCADE",
                vec!["id"],
            ),
            (
                r#"FOREIGN KEY (a, "b(") REFERENCES "my ""(s"."t, u"(x, "y, z") DEFERRABLE"#,
                vec!["x", "y, z"],
            ),
        ] {
            let columns: Vec<Ident> = columns.into_iter().map(Ident::new).collect();
            assert_eq!(referenced_columns(definition), Some(columns));
        }
        for unknown in [
            "FOREIGN KEY (id, PERIOD at) REFERENCES t(id, PERIOD at)",
            "CHECK (x)",
            "",
        ] {
            assert_eq!(referenced_columns(unknown), None);
        }
    }
}
