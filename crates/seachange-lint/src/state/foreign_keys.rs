//! Where foreign keys lead: the tables that are locked beside the one that a statement names.

use seachange_schema::model::ConstraintKind;
use seachange_schema::{Ident, Name, Object, ObjectId};

use super::State;

impl State<'_> {
    /// The table that a foreign key points at.
    pub(crate) fn points_at(&self, table: &Name, key: &Ident) -> Option<Name> {
        let known = self.constraints.get(&(table.clone(), key.clone()));
        if let Some(known) = known {
            return known.references.clone();
        }
        let catalog = self.constraint(table, key)?.references.as_ref()?;
        Some(self.named_now(catalog))
    }

    /// The tables that the foreign keys with a column in them point at.
    pub(crate) fn column_points_at(&self, table: &Name, column: &Ident) -> Vec<Name> {
        let keys = self.constraints_of(table).into_iter();
        keys.filter(|(_, key)| key.columns.contains(column))
            .filter_map(|(_, key)| Some(self.named_now(key.references.as_ref()?)))
            .collect()
    }

    /// The tables that a table's foreign keys point at, the file's own ones as well, and the one that it is a
    /// partition of.
    pub(crate) fn table_points_at(&self, table: &Name) -> impl Iterator<Item = Name> {
        let own = (self.constraints.iter())
            .filter(move |((of, _), _)| of == table)
            .filter_map(|(_, known)| known.references.clone());
        let keys = self.constraints_of(table).into_iter();
        let catalog = keys.filter_map(|(_, key)| Some(self.named_now(key.references.as_ref()?)));
        let parent = (self.table(table))
            .and_then(|table| table.partition_of.as_ref())
            .map(|partition| self.named_now(&partition.parent));
        parent.into_iter().chain(catalog).chain(own)
    }

    /// The tables whose foreign keys point at one.
    pub(crate) fn tables_pointing_at(&self, table: &Name) -> Vec<Name> {
        let of = self.catalog_name(table);
        let objects = self.schema.into_iter().flat_map(|schema| &schema.objects);
        let pointing = objects.filter_map(|(id, object)| match (id, object) {
            (ObjectId::Constraint { table, .. }, Object::Constraint(key))
                if key.kind == ConstraintKind::ForeignKey
                    && key.references.as_ref() == Some(of) =>
            {
                Some(self.named_now(table))
            }
            _ => None,
        });
        pointing.collect()
    }

    /// What the file calls a table of the catalog by now.
    fn named_now(&self, catalog: &Name) -> Name {
        let mut renamed = self.former.iter();
        let now = renamed.find(|(_, former)| *former == catalog);
        now.map_or(catalog, |(now, _)| now).clone()
    }
}
