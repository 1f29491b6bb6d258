//! What is to be loaded: tables, their rows, and how each row is made.

use std::sync::Arc;

use sea_orm::{EntityTrait, ModelTrait, Value};

use super::row::Row;
use super::rows::Rows;
use super::table::{Planned, Table};

/// Tables with the rows that they get. The order in which they are declared doesn't matter: foreign keys
/// decide which is loaded first.
pub struct Plan {
    seed: u64,
    pub(super) tables: Vec<Arc<dyn Planned>>,
}

impl Plan {
    /// Everything that is drawn depends on the seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            tables: Vec::new(),
        }
    }

    /// So many rows of a table.
    pub fn rows<E: EntityTrait>(&self, count: u64) -> Rows<E> {
        Rows::new(self.seed, count)
    }

    /// So many rows of a table for each row of another one, in the order of those. `count` says how many
    /// children a parent has; it is asked again and again, and has to say the same each time
    /// ([`Row::about`] gives it a chance of its own).
    pub fn rows_per<E: EntityTrait, P: EntityTrait>(
        &self,
        parents: &Rows<P>,
        count: impl Fn(Row<P>) -> u64 + Send + Sync + 'static,
    ) -> Rows<E> {
        Rows::per(self.seed, parents, count)
    }

    /// How a row of a table is made. The whole model is asked for, so a column that is forgotten doesn't
    /// compile.
    pub fn table<E>(
        &mut self,
        rows: &Rows<E>,
        model: impl Fn(Row<E>) -> E::Model + Send + Sync + 'static,
    ) -> &mut Self
    where
        E: EntityTrait + 'static,
        E::Column: Send + Sync,
        E::Model: ModelTrait<Entity = E>,
    {
        self.tables
            .push(Arc::new(Table::new(rows, Box::new(model))));
        self
    }

    /// The same for a table with a column that can only be filled once other tables have their rows, because
    /// foreign keys go round in a circle. Rows are loaded with NULL there, whatever the model says, and get
    /// `value` in a second pass.
    pub fn table_later<E, V: Into<Value>>(
        &mut self,
        rows: &Rows<E>,
        model: impl Fn(Row<E>) -> E::Model + Send + Sync + 'static,
        column: E::Column,
        value: impl Fn(Row<E>) -> V + Send + Sync + 'static,
    ) -> &mut Self
    where
        E: EntityTrait + 'static,
        E::Column: Send + Sync,
        E::Model: ModelTrait<Entity = E>,
    {
        let table = Table::new(rows, Box::new(model));
        let table = table.later(column, Box::new(move |row| value(row).into()));
        self.tables.push(Arc::new(table));
        self
    }

    /// Each table with the number of its rows, in the order of declaration.
    pub fn counts(&self) -> impl Iterator<Item = (String, u64)> {
        self.tables
            .iter()
            .map(|table| (table.name().plain(), table.rows()))
    }
}
