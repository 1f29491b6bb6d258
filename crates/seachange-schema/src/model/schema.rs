//! The whole: objects by identity, and the edges between them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Column, Object, ObjectId, Table, Unmodelled};
use crate::name::{Ident, Name};

/// Everything that a database declares, read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, std::default::Default)]
pub struct Schema {
    /// By identity, in the order of [`ObjectId`].
    #[serde(with = "pairs")]
    pub objects: BTreeMap<ObjectId, Object>,
    /// From an object to what it needs, as `pg_depend` records it and this model names it: both
    /// ends are keys of `objects`. A part's dependence on its own relation, an index's on its own
    /// and a default's on its column are not repeated here; what they need of columns besides is.
    #[serde(with = "pairs")]
    pub depends: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// The role that read it: whatever has no owner among the objects belongs to it, or to something that
    /// does. None for a schema that nobody read.
    pub reader: Option<Ident>,
    /// What the catalog holds and this model does not, sorted.
    pub unmodelled: Vec<Unmodelled>,
}

impl Schema {
    /// The object of that identity.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Whether there is an object of that identity.
    pub fn contains(&self, id: &ObjectId) -> bool {
        self.objects.contains_key(id)
    }

    /// Whether a name stands for a relation, a type or a key's index: these must differ within a schema.
    pub fn names(&self, name: &Name) -> bool {
        let name = name.clone();
        self.contains(&ObjectId::Table { name: name.clone() })
            || self.contains(&ObjectId::View { name: name.clone() })
            || self.contains(&ObjectId::Sequence { name: name.clone() })
            || self.contains(&ObjectId::Index { name: name.clone() })
            || self.contains(&ObjectId::Type { name: name.clone() })
            || self.objects.iter().any(|(id, object)| match (id, object) {
                (ObjectId::Constraint { table, name: own }, _) => table.sibling(own) == name,
                (ObjectId::Column { table, .. }, Object::Column(column)) => column
                    .identity
                    .as_ref()
                    .is_some_and(|identity| table.sibling(&identity.sequence) == name),
                _ => false,
            })
    }

    /// What `id` needs.
    pub fn needs(&self, id: &ObjectId) -> impl Iterator<Item = &ObjectId> {
        self.depends.get(id).into_iter().flatten()
    }

    /// Tables in order of their names.
    pub fn tables(&self) -> impl Iterator<Item = (&Name, &Table)> {
        self.objects
            .iter()
            .filter_map(|(id, object)| match (id, object) {
                (ObjectId::Table { name }, Object::Table(table)) => Some((name, table)),
                _ => None,
            })
    }

    /// A table's columns in the table's order.
    pub fn columns(&self, table: &Name) -> Vec<(&Ident, &Column)> {
        let first = ObjectId::Column {
            table: table.clone(),
            name: Ident::new(""),
        };
        let mut columns: Vec<_> = self
            .objects
            .range(first..)
            .map_while(|(id, object)| match (id, object) {
                (ObjectId::Column { table: of, name }, Object::Column(column)) if of == table => {
                    Some((name, column))
                }
                _ => None,
            })
            .collect();
        columns.sort_by_key(|(_, column)| column.position);
        columns
    }
}

impl Schema {
    /// Gives an index or a constraint another name: those occur in no text that PostgreSQL deparses.
    pub(crate) fn rename_part(&mut self, from: &ObjectId, to: &ObjectId) {
        if let Some(object) = self.objects.remove(from) {
            self.objects.insert(to.clone(), object);
        }
        if let Some(needs) = self.depends.remove(from) {
            self.depends.insert(to.clone(), needs);
        }
        for needs in self.depends.values_mut() {
            if needs.remove(from) {
                needs.insert(to.clone());
            }
        }
    }
}

/// Maps whose keys are not strings, as lists of pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(from: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(from)?.into_iter().collect())
    }
}
