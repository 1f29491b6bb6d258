//! Who needs whom: what the catalog records, and what goes without saying (a part needs its table).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Object, ObjectId, Schema, TableMark};
use crate::name::Name;

/// The edges of one schema, to be asked in both directions.
pub struct Needs {
    forward: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    backward: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
}

impl Needs {
    /// Reads what each object of `schema` needs.
    pub fn of(schema: &Schema) -> Self {
        let mut forward = schema.depends.clone();
        for (id, object) in &schema.objects {
            for need in implied(schema, id, object) {
                if schema.contains(&need) {
                    forward.entry(id.clone()).or_default().insert(need);
                }
            }
        }
        let mut backward: BTreeMap<ObjectId, BTreeSet<ObjectId>> = BTreeMap::new();
        for (id, needs) in &forward {
            for need in needs {
                backward.entry(need.clone()).or_default().insert(id.clone());
            }
        }
        Self { forward, backward }
    }

    /// What an object needs.
    pub fn of_object(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.forward.get(id).into_iter().flatten()
    }

    /// What needs an object.
    pub fn dependents(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.backward.get(id).into_iter().flatten()
    }
}

/// The tables and materialized views with a column of a domain, or of one over it; of a partitioned table, the partitions.
pub(crate) fn users_of_domain(schema: &Schema, domain: &ObjectId) -> BTreeSet<Name> {
    let mut found = BTreeSet::new();
    for (id, _) in (schema.depends.iter()).filter(|(_, needs)| needs.contains(domain)) {
        match (id, schema.get(id)) {
            (ObjectId::Type { .. }, Some(Object::Domain(_))) => {
                found.extend(users_of_domain(schema, id));
            }
            _ => found.extend(id.relation().cloned()),
        }
    }
    found.retain(|name| {
        let id = ObjectId::Table { name: name.clone() };
        !matches!(schema.get(&id), Some(Object::Table(table)) if table.partition_by.is_some())
    });
    found
}

/// Whether a column's values are of a domain that refuses some, itself or by what it is over. A column of such a type is
/// not added without writing every row: PostgreSQL has to see the refusal.
pub(crate) fn is_of_strict_domain(schema: &Schema, column: &ObjectId) -> bool {
    let of_array = matches!(schema.get(column), Some(Object::Column(column)) if column.data_type.ends_with("[]"));
    let needs = schema.depends.get(column).into_iter().flatten();
    !of_array && needs.clone().any(|id| refuses(schema, id))
}

fn refuses(schema: &Schema, id: &ObjectId) -> bool {
    let Some(Object::Domain(domain)) = schema.get(id) else {
        return false;
    };
    let mut under = schema.depends.get(id).into_iter().flatten();
    domain.not_null || !domain.checks.is_empty() || under.any(|id| refuses(schema, id))
}

/// The needs that follow from an object's identity and definition alone.
fn implied(schema: &Schema, id: &ObjectId, object: &Object) -> Vec<ObjectId> {
    let relation = |name: &Name| {
        let view = ObjectId::View { name: name.clone() };
        if schema.contains(&view) {
            view
        } else {
            ObjectId::Table { name: name.clone() }
        }
    };
    let in_schema = |name: &Name| ObjectId::Schema {
        name: name.schema.clone(),
    };
    match (id, object) {
        (ObjectId::Default { table, column }, _) => vec![ObjectId::Column {
            table: table.clone(),
            name: column.clone(),
        }],
        (ObjectId::Constraint { table, .. }, Object::Constraint(constraint)) => {
            let mut needs = vec![relation(table)];
            needs.extend(constraint.columns.iter().map(|column| ObjectId::Column {
                table: table.clone(),
                name: column.clone(),
            }));
            needs.extend(constraint.references.iter().map(&relation));
            needs.retain(|need| need != id);
            needs
        }
        (
            ObjectId::Column { table, .. }
            | ObjectId::Constraint { table, .. }
            | ObjectId::Trigger { table, .. }
            | ObjectId::Policy { table, .. }
            | ObjectId::Rule { table, .. },
            _,
        ) => vec![relation(table)],
        (ObjectId::Index { .. }, Object::Index(index)) => {
            let mut needs = vec![relation(&index.table)];
            needs.extend(
                index
                    .parent
                    .iter()
                    .map(|name| ObjectId::Index { name: name.clone() }),
            );
            needs
        }
        (ObjectId::Table { name }, Object::Table(table)) => {
            let mut needs = vec![in_schema(name)];
            needs.extend(
                table
                    .partition_of
                    .iter()
                    .map(|partition| relation(&partition.parent)),
            );
            needs.extend(table.inherits.iter().map(&relation));
            needs
        }
        (
            ObjectId::Type { name }
            | ObjectId::Sequence { name }
            | ObjectId::Function { name, .. }
            | ObjectId::Table { name }
            | ObjectId::Index { name }
            | ObjectId::View { name }
            | ObjectId::Collation { name },
            _,
        ) => vec![in_schema(name)],
        (ObjectId::Extension { .. }, Object::Extension(extension)) => vec![ObjectId::Schema {
            name: extension.schema.clone(),
        }],
        (ObjectId::Privileges { of, to }, _) => {
            let mut needs = vec![ObjectId::clone(of)];
            if let ObjectId::Column { table, .. } = &**of {
                // A view's columns are no objects of their own.
                needs.push(relation(table));
                // What is revoked on the table is revoked on its columns too (PostgreSQL manual, REVOKE).
                needs.push(ObjectId::Privileges {
                    of: Box::new(relation(table)),
                    to: to.clone(),
                });
            }
            needs
        }
        (ObjectId::Owner { of }, _) => vec![ObjectId::clone(of)],
        (ObjectId::ReplicaIdentity { table } | ObjectId::ClusterMark { table }, object) => {
            let mut needs = vec![relation(table)];
            if let Object::TableMark(TableMark::ReplicaIndex(index) | TableMark::Clustered(index)) =
                object
            {
                needs.push(ObjectId::Index {
                    name: table.sibling(index),
                });
                needs.push(ObjectId::Constraint {
                    table: table.clone(),
                    name: index.clone(),
                });
            }
            needs
        }
        (ObjectId::Statistics { name }, object) => {
            let mut needs = vec![in_schema(name)];
            if let Object::Statistics(statistics) = object {
                needs.push(relation(&statistics.table));
            }
            needs
        }
        (ObjectId::PublicationTable { publication, table }, _) => vec![
            relation(table),
            ObjectId::Publication {
                name: publication.clone(),
            },
        ],
        (
            ObjectId::PublicationSchema {
                publication,
                schema,
            },
            _,
        ) => vec![
            ObjectId::Schema {
                name: schema.clone(),
            },
            ObjectId::Publication {
                name: publication.clone(),
            },
        ],
        (ObjectId::DefaultPrivileges { schema, .. }, _) => schema
            .iter()
            .map(|name| ObjectId::Schema { name: name.clone() })
            .collect(),
        (
            ObjectId::Extension { .. }
            | ObjectId::Schema { .. }
            | ObjectId::Publication { .. }
            | ObjectId::EventTrigger { .. },
            _,
        ) => Vec::new(),
    }
}
