//! A schema in the making: the objects so far, and under which oid the catalog knows each.

use std::collections::HashMap;

use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

/// The oids of the catalogs themselves, fixed in PostgreSQL's sources.
pub(super) mod class {
    pub(in super::super) const TYPE: u32 = 1247;
    pub(in super::super) const FUNCTION: u32 = 1255;
    pub(in super::super) const RELATION: u32 = 1259;
    pub(in super::super) const DEFAULT: u32 = 2604;
    pub(in super::super) const CONSTRAINT: u32 = 2606;
    pub(in super::super) const NAMESPACE: u32 = 2615;
    pub(in super::super) const RULE: u32 = 2618;
    pub(in super::super) const TRIGGER: u32 = 2620;
    pub(in super::super) const EXTENSION: u32 = 3079;
    pub(in super::super) const POLICY: u32 = 3256;
    pub(in super::super) const STATISTICS: u32 = 3381;
    pub(in super::super) const COLLATION: u32 = 3456;
    pub(in super::super) const EVENT_TRIGGER: u32 = 3466;
    pub(in super::super) const PUBLICATION: u32 = 6104;
    pub(in super::super) const PUBLICATION_TABLE: u32 = 6106;
    pub(in super::super) const PUBLICATION_SCHEMA: u32 = 6237;
}

/// How `pg_depend` points at something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address {
    pub(super) class: u32,
    pub(super) object: u32,
    /// A column's number; 0 for the object as a whole.
    pub(super) part: i32,
}

impl Address {
    pub(super) fn whole(class: u32, object: u32) -> Self {
        Self::part(class, object, 0)
    }

    pub(super) fn part(class: u32, object: u32, part: i32) -> Self {
        Self {
            class,
            object,
            part,
        }
    }

    pub(super) fn column(relation: u32, number: i32) -> Self {
        Self::part(class::RELATION, relation, number)
    }
}

#[derive(Default)]
pub(super) struct Assembly {
    pub(super) schema: Schema,
    known: HashMap<Address, ObjectId>,
}

impl Assembly {
    pub(super) fn add(&mut self, address: Address, id: ObjectId, object: Object) {
        self.known.insert(address, id.clone());
        self.schema.objects.insert(id, object);
    }

    /// Says that the catalog has a second address for an object.
    pub(super) fn also(&mut self, address: Address, id: ObjectId) {
        self.known.insert(address, id);
    }

    pub(super) fn get(&self, address: Address) -> Option<&ObjectId> {
        self.known.get(&address)
    }

    /// The name of a table that was assembled already.
    pub(super) fn table(&self, oid: u32) -> Option<&Name> {
        match self.get(Address::whole(class::RELATION, oid))? {
            ObjectId::Table { name } => Some(name),
            _ => None,
        }
    }

    /// A table and its column that were assembled already.
    pub(super) fn column(&self, relation: u32, number: i32) -> Option<(&Name, &Ident)> {
        match self.get(Address::column(relation, number))? {
            ObjectId::Column { table, name } => Some((table, name)),
            _ => None,
        }
    }

    pub(super) fn finish(mut self) -> Schema {
        self.schema.unmodelled.sort();
        self.schema
    }
}
