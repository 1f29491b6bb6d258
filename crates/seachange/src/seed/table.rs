//! One table of a plan, whatever its entity: its rows as COPY takes them.

use std::ops::Range;

use sea_orm::{EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, Value};
use seachange_schema::Name;
use seachange_schema::name::DEFAULT_SCHEMA;

use super::encode::{self, Unwritten};
use super::row::Row;
use super::rows::Rows;

/// What the loading needs of a table. Columns go by their place in [`columns`](Self::columns).
pub(super) trait Planned: Send + Sync {
    fn name(&self) -> &Name;
    fn columns(&self) -> &[&'static str];
    fn primary_key(&self) -> Vec<usize>;
    fn rows(&self) -> u64;
    /// The columns that are filled once every table has its rows.
    fn later(&self) -> &[Later];
    /// Appends these rows, with these columns.
    fn write(
        &self,
        rows: Range<u64>,
        columns: &[usize],
        to: &mut String,
    ) -> Result<(), (usize, Unwritten)>;
    /// Appends the keys and values for one of the columns that come later; rows without a value are left
    /// out.
    fn write_later(
        &self,
        rows: Range<u64>,
        later: usize,
        to: &mut String,
    ) -> Result<(), (usize, Unwritten)>;
}

/// A column that is filled in a second pass.
#[derive(Clone, Debug)]
pub(super) struct Later {
    pub(super) column: usize,
}

type ModelOf<E> = dyn Fn(Row<E>) -> <E as EntityTrait>::Model + Send + Sync;
type ValueOf<E> = dyn Fn(Row<E>) -> Value + Send + Sync;

pub(super) struct Table<E: EntityTrait> {
    name: Name,
    columns: Vec<&'static str>,
    entity_columns: Vec<E::Column>,
    rows: Rows<E>,
    model: Box<ModelOf<E>>,
    later: Vec<Later>,
    values: Vec<Box<ValueOf<E>>>,
}

impl<E: EntityTrait> Table<E> {
    pub(super) fn new(rows: &Rows<E>, model: Box<ModelOf<E>>) -> Self {
        let entity = E::default();
        let schema = entity.schema_name().unwrap_or(DEFAULT_SCHEMA).to_owned();
        let entity_columns: Vec<E::Column> = E::Column::iter().collect();
        Self {
            name: Name::new(schema, entity.table_name()),
            columns: entity_columns.iter().map(IdenStatic::as_str).collect(),
            entity_columns,
            rows: rows.clone(),
            model,
            later: Vec::new(),
            values: Vec::new(),
        }
    }

    pub(super) fn later(mut self, column: E::Column, value: Box<ValueOf<E>>) -> Self {
        let column = self.place(column.as_str());
        self.later.push(Later { column });
        self.values.push(value);
        self
    }

    fn place(&self, column: &str) -> usize {
        let place = self.columns.iter().position(|name| *name == column);
        place.expect("an entity's column is among its columns")
    }
}

impl<E> Planned for Table<E>
where
    E: EntityTrait,
    E::Column: Send + Sync,
    E::Model: ModelTrait<Entity = E>,
{
    fn name(&self) -> &Name {
        &self.name
    }

    fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    fn primary_key(&self) -> Vec<usize> {
        E::PrimaryKey::iter()
            .map(|key| self.place(key.into_column().as_str()))
            .collect()
    }

    fn rows(&self) -> u64 {
        self.rows.count()
    }

    fn later(&self) -> &[Later] {
        &self.later
    }

    fn write(
        &self,
        rows: Range<u64>,
        columns: &[usize],
        to: &mut String,
    ) -> Result<(), (usize, Unwritten)> {
        for number in rows {
            let model = (self.model)(self.rows.at(number));
            for (at, column) in columns.iter().enumerate() {
                if at > 0 {
                    to.push('\t');
                }
                let value = model.get(self.entity_columns[*column]);
                encode::value(&value, to).map_err(|error| (*column, error))?;
            }
            to.push('\n');
        }
        Ok(())
    }

    fn write_later(
        &self,
        rows: Range<u64>,
        later: usize,
        to: &mut String,
    ) -> Result<(), (usize, Unwritten)> {
        let key = self.primary_key();
        for number in rows {
            let row = self.rows.at(number);
            let value = (self.values[later])(row);
            if value == value.as_null() {
                continue;
            }
            let model = (self.model)(row);
            for column in &key {
                let part = model.get(self.entity_columns[*column]);
                encode::value(&part, to).map_err(|error| (*column, error))?;
                to.push('\t');
            }
            encode::value(&value, to).map_err(|error| (self.later[later].column, error))?;
            to.push('\n');
        }
        Ok(())
    }
}
