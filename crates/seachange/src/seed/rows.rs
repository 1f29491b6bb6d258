//! The rows of a table, of which each is known by its number.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use sea_orm::EntityTrait;

use super::family::Family;
use super::key::{join, named};
use super::row::Row;

/// How many rows a table gets. Cheap to clone, so that other tables' rows can refer to them.
pub struct Rows<E> {
    /// The seed and the table.
    key: u64,
    count: u64,
    family: Option<Arc<Family>>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Rows<E> {
    fn clone(&self) -> Self {
        Self {
            key: self.key,
            count: self.count,
            family: self.family.clone(),
            entity: PhantomData,
        }
    }
}

impl<E: EntityTrait> Rows<E> {
    pub(super) fn new(seed: u64, count: u64) -> Self {
        Self {
            key: join(seed, named(E::default().table_name())),
            count,
            family: None,
            entity: PhantomData,
        }
    }

    pub(super) fn per<P: EntityTrait>(
        seed: u64,
        parents: &Rows<P>,
        count: impl Fn(Row<P>) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let rows = parents.clone();
        let family = Family::new(
            parents.count,
            Box::new(move |parent| count(rows.at(parent))),
        );
        Self {
            count: family.children(),
            family: Some(Arc::new(family)),
            ..Self::new(seed, 0)
        }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The row of that number, from 0. It need not be below [`count`](Self::count).
    pub fn at(&self, number: u64) -> Row<E> {
        let place = match &self.family {
            Some(family) if number < self.count => family.place(number),
            _ => super::family::Place {
                parent: 0,
                ordinal: number,
            },
        };
        Row::new(self.key, number, place)
    }

    /// The numbers of the rows that belong to a parent.
    ///
    /// # Panics
    ///
    /// Where the rows belong to no parents.
    pub fn of<P: EntityTrait>(&self, parent: &Row<P>) -> Range<u64> {
        let family = self.family.as_ref();
        family
            .expect("the rows were made by `rows_per`")
            .of(parent.number())
    }
}
