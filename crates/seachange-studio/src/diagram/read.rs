//! From a schema to its diagram: which tables are drawn, what is a key, how many rows each end can have.

use std::collections::{BTreeMap, BTreeSet};

use seachange_schema::model::{Constraint, ConstraintKind};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::definition::{index_columns, referenced_columns};
use super::graph::{Column, Diagram, Edge, End, Table};

/// All tables but partitions, which are their table's, and the foreign keys between them.
pub(crate) fn diagram(schema: &Schema) -> Diagram {
    let facts = Facts::of(schema);
    let tables: Vec<Table> = (schema.tables())
        .filter(|(_, table)| table.partition_of.is_none())
        .map(|(name, table)| Table {
            name: name.clone(),
            comment: table.comment.clone(),
            columns: columns(schema, &facts, name),
            left_out: 0,
        })
        .collect();
    let mut diagram = Diagram {
        tables,
        edges: Vec::new(),
    };
    let mut edges = Vec::new();
    for (child, table) in diagram.tables.iter().enumerate() {
        for (name, constraint) in facts.foreign_keys(&table.name) {
            edges.extend(edge(schema, &facts, &diagram, child, name, constraint));
        }
    }
    diagram.edges = edges;
    diagram
}

/// What is known of each table's constraints and indexes.
struct Facts<'a> {
    constraints: BTreeMap<&'a Name, Vec<(&'a Ident, &'a Constraint)>>,
    /// Sets of columns that no two rows have alike.
    unique: BTreeMap<&'a Name, Vec<BTreeSet<Ident>>>,
}

impl<'a> Facts<'a> {
    fn of(schema: &'a Schema) -> Self {
        let mut facts = Self {
            constraints: BTreeMap::new(),
            unique: BTreeMap::new(),
        };
        for (id, object) in &schema.objects {
            match (id, object) {
                (ObjectId::Constraint { table, name }, Object::Constraint(constraint)) => {
                    let of_table = facts.constraints.entry(table).or_default();
                    of_table.push((name, constraint));
                    let kind = constraint.kind;
                    if matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique)
                        && !constraint.definition.contains("WITHOUT OVERLAPS")
                    {
                        let columns = constraint.columns.iter().cloned().collect();
                        facts.unique.entry(table).or_default().push(columns);
                    }
                }
                (_, Object::Index(index)) if index.unique && index.valid => {
                    if let Some(columns) = index_columns(&index.definition) {
                        let columns = columns.into_iter().collect();
                        facts.unique.entry(&index.table).or_default().push(columns);
                    }
                }
                _ => {}
            }
        }
        facts
    }

    fn of_kind(
        &self,
        table: &Name,
        kind: ConstraintKind,
    ) -> impl Iterator<Item = (&'a Ident, &'a Constraint)> {
        let all = self.constraints.get(table).into_iter().flatten().copied();
        all.filter(move |(_, constraint)| constraint.kind == kind)
    }

    fn foreign_keys(&self, table: &Name) -> impl Iterator<Item = (&'a Ident, &'a Constraint)> {
        self.of_kind(table, ConstraintKind::ForeignKey)
    }

    /// Whether no two rows of the table are alike in these columns.
    fn is_unique(&self, table: &Name, columns: &[Ident]) -> bool {
        let mut sets = self.unique.get(table).into_iter().flatten();
        sets.any(|set| !set.is_empty() && set.iter().all(|it| columns.contains(it)))
    }
}

fn columns(schema: &Schema, facts: &Facts<'_>, table: &Name) -> Vec<Column> {
    let covered = |kind| -> BTreeSet<&Ident> {
        let constraints = facts.of_kind(table, kind);
        constraints.flat_map(|(_, it)| &it.columns).collect()
    };
    let keys = covered(ConstraintKind::PrimaryKey);
    let foreign = covered(ConstraintKind::ForeignKey);
    (schema.columns(table).into_iter())
        .map(|(name, column)| Column {
            name: name.clone(),
            data_type: short(&column.data_type),
            key: keys.contains(name),
            foreign: foreign.contains(name),
            unique: !keys.contains(name) && facts.is_unique(table, std::slice::from_ref(name)),
            nullable: !column.not_null,
        })
        .collect()
}

/// PostgreSQL's own shorter names for types (manual, table 8.1 "Data Types").
fn short(data_type: &str) -> String {
    let mut short = data_type.to_owned();
    for (long, alias) in [
        ("character varying", "varchar"),
        ("double precision", "float8"),
    ] {
        if let Some(rest) = data_type.strip_prefix(long) {
            short = format!("{alias}{rest}");
        }
    }
    for (begin, zoned) in [("timestamp", "timestamptz"), ("time", "timetz")] {
        let precise = data_type
            .strip_prefix(begin)
            .filter(|it| it.starts_with([' ', '(']));
        if let Some(rest) = precise {
            short = match rest.contains(" with time zone") {
                true => format!("{zoned}{}", rest.replace(" with time zone", "")),
                false => format!("{begin}{}", rest.replace(" without time zone", "")),
            };
        }
    }
    short
}

fn edge(
    schema: &Schema,
    facts: &Facts<'_>,
    diagram: &Diagram,
    child: usize,
    name: &Ident,
    constraint: &Constraint,
) -> Option<Edge> {
    let parent = diagram.place(&whole(schema, constraint.references.as_ref()?))?;
    let places = |table: usize, names: &[Ident]| -> Vec<usize> {
        let columns = &diagram.tables[table].columns;
        (names.iter())
            .filter_map(|name| columns.iter().position(|it| it.name == *name))
            .collect()
    };
    let child_columns = places(child, &constraint.columns);
    // MATCH SIMPLE, PostgreSQL's own: one NULL among the columns, and the row points at none.
    let of_child = &diagram.tables[child].columns;
    let nullable = child_columns.iter().any(|at| of_child[*at].nullable);
    let unique = facts.is_unique(&diagram.tables[child].name, &constraint.columns);
    Some(Edge {
        constraint: name.clone(),
        child,
        at_child: if unique { End::ZeroOrOne } else { End::Many },
        child_columns,
        parent,
        parent_columns: places(parent, &referenced_columns(&constraint.definition)),
        at_parent: if nullable { End::ZeroOrOne } else { End::One },
    })
}

/// The partitioned table that a partition is a part of, at any depth; else the table itself.
fn whole(schema: &Schema, name: &Name) -> Name {
    let mut name = name.clone();
    while let Some(Object::Table(table)) = schema.get(&ObjectId::Table { name: name.clone() }) {
        match &table.partition_of {
            Some(of) => name = of.parent.clone(),
            None => break,
        }
    }
    name
}
