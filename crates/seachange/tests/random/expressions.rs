//! Expressions over the columns of a table or a view.

use super::names;
use super::types::{BOOLEAN, INTEGER, TEXT};
use super::world::{Expression, Key, Outcome, Place, Source, Type, View, World};

/// A column that an expression can name: its key, how it is written, its type.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) key: Key,
    pub(super) sql: String,
    pub(super) of: Type,
}

impl World {
    /// A table's columns with those that it has from others.
    pub(super) fn fields(&self, table: Key) -> Vec<Field> {
        self.fields_within(table, 4)
    }

    fn fields_within(&self, key: Key, depth: u8) -> Vec<Field> {
        let Some(table) = self.tables.get(&key).filter(|_| depth > 0) else {
            return Vec::new();
        };
        let mut fields = match self.parent(key) {
            Some(parent) => self.fields_within(parent, depth - 1),
            None => Vec::new(),
        };
        if matches!(table.place, Place::Partition { .. }) && !fields.is_empty() {
            return fields;
        }
        for (key, column) in &table.columns {
            if fields.iter().all(|field| field.key != *key) {
                fields.push(Field {
                    key: *key,
                    sql: names::column(*key),
                    of: column.of.clone(),
                });
            }
        }
        fields
    }

    /// The table that this one is a partition or an heir of; only those of lower keys, so that there
    /// is no circle.
    pub(super) fn parent(&self, key: Key) -> Option<Key> {
        match self.tables.get(&key)?.place {
            Place::Partition { of, .. } => {
                let parent = self.tables.get(&of).filter(|_| of < key)?;
                matches!(
                    parent.place,
                    Place::Partitioned(_) | Place::Partition { again: Some(_), .. }
                )
                .then_some(of)
            }
            Place::Heir(of) => self
                .tables
                .contains_key(&of)
                .then_some(of)
                .filter(|of| *of < key),
            Place::Alone | Place::Partitioned(_) => None,
        }
    }

    /// What a view gives: names and types.
    pub(super) fn outputs(&self, key: Key, view: &View) -> Vec<Field> {
        let from = self.source(key, &view.from);
        if view.form == 1 {
            return from
                .into_iter()
                .enumerate()
                .map(|(at, field)| Field {
                    key: at as Key,
                    ..field
                })
                .collect();
        }
        let mut found: Vec<Field> = Vec::new();
        for (at, part) in view.columns.iter().enumerate() {
            let Some((_, of)) = self.made(part, &from) else {
                continue;
            };
            found.push(Field {
                key: at as Key,
                sql: names::column(at as Key),
                of,
            });
        }
        found
    }

    /// The columns of what a view reads; views read tables, and views of lower keys.
    pub(super) fn source(&self, key: Key, from: &Source) -> Vec<Field> {
        match from {
            Source::Table(table) => self.fields(*table),
            Source::View(other) => match self.views.get(other).filter(|_| *other < key) {
                Some(view) => self.outputs(*other, view),
                None => Vec::new(),
            },
        }
    }

    /// A value made of a column, and its type.
    pub(super) fn made(&self, part: &Expression, fields: &[Field]) -> Option<(String, Type)> {
        let field = find(fields, part.column)?;
        let (name, of) = (&field.sql, &field.of);
        let same = (name.clone(), of.clone());
        Some(match part.form {
            1 => (format!("({name})::text"), TEXT),
            2 => (
                format!("coalesce({name}, {})", self.value(of, 0)),
                of.clone(),
            ),
            3 if self.is_number(of) => (format!("({name} * 2)"), self.base(of)),
            3 | 13 if self.is_text(of) => (format!("lower({name})"), TEXT),
            4 | 11 => {
                let function = (part.form + part.column) % super::draw::FUNCTIONS;
                return Some(self.call(function, Some(field)).unwrap_or(same));
            }
            5 => (
                format!("CASE WHEN {name} IS NULL THEN 0 ELSE 1 END"),
                INTEGER,
            ),
            6 => (format!("({name} = {})", self.value(of, 1)), BOOLEAN),
            7 if self.labels(of).is_some() => (
                format!("CASE {name} WHEN {} THEN 1 ELSE 2 END", self.value(of, 1)),
                INTEGER,
            ),
            7 => (format!("({name} IS NOT NULL)"), BOOLEAN),
            8 => match self.attributes(of).and_then(<[_]>::first) {
                Some((attribute, of)) => (
                    format!("({name}).{}", names::column(*attribute)),
                    of.clone(),
                ),
                None => same,
            },
            9 => match of {
                Type::ArrayOfPlain(of) => (format!("({name})[1]"), Type::Plain(*of)),
                Type::ArrayOfOwn(key) => (format!("({name})[1]"), Type::Own(*key)),
                Type::Plain(of) => (format!("ARRAY[{name}]"), Type::ArrayOfPlain(*of)),
                Type::Own(key) => (format!("ARRAY[{name}]"), Type::ArrayOfOwn(*key)),
            },
            10 => (format!("md5(({name})::text)"), TEXT),
            _ => same,
        })
    }

    /// Something that is true or false of a column.
    pub(super) fn truth(&self, part: &Expression, fields: &[Field]) -> Option<String> {
        let field = find(fields, part.column)?;
        let (name, of) = (&field.sql, &field.of);
        Some(match part.form {
            1 => format!("{name} = {}", self.value(of, 0)),
            2 => format!("{name} IN ({}, {})", self.value(of, 0), self.value(of, 1)),
            3 => format!("{name} <> {}", self.value(of, 1)),
            4 => format!("{name} > {}", self.value(of, 0)),
            5 => format!("({name})::text <> 'none'"),
            6 => format!("coalesce({name}, {}) = {0}", self.value(of, 1)),
            7 | 10 => {
                let function = (part.form + part.column) % super::draw::FUNCTIONS;
                match self.call(function, Some(field)) {
                    Some((call, of)) if part.form == 10 => {
                        format!("{call} = {}", self.value(&of, 0))
                    }
                    Some((call, _)) => format!("{call} IS NOT NULL"),
                    None => format!("{name} IS NOT NULL"),
                }
            }
            8 => format!(
                "{name} BETWEEN {} AND {}",
                self.value(of, 0),
                self.value(of, 2)
            ),
            9 => format!(
                "{name} = ANY (ARRAY[{}, {}]::{}[])",
                self.value(of, 0),
                self.value(of, 1),
                self.type_sql(of)
            ),
            11 => format!("{name} = {}", self.cast_value(of, 1)),
            12 => match find(fields, (part.column + 1) % super::draw::COLUMNS) {
                Some(other) => format!("{name} IS NULL OR {} IS NOT NULL", other.sql),
                None => format!("{name} IS NOT NULL"),
            },
            13 => match find(fields, (part.column + 1) % super::draw::COLUMNS) {
                Some(other) => format!("num_nonnulls({name}, {}) > 0", other.sql),
                None => format!("{name} IS NOT NULL"),
            },
            14 => match self.attributes(of).and_then(<[_]>::first) {
                Some((attribute, _)) => {
                    format!("({name}).{} IS NOT NULL", names::column(*attribute))
                }
                None => format!("{name} IS NOT NULL"),
            },
            // Operators of enums don't take a domain over one.
            0 if self.base(of) != *of => {
                let base = self.base(of);
                format!(
                    "{name}::{} <> {}",
                    self.type_sql(&base),
                    self.value(&base, 2)
                )
            }
            15 => format!("length(({name})::text) < 100"),
            _ => format!("{name} IS NOT NULL"),
        })
    }

    /// A call of a function that gives a value, with the column as its first argument where that fits.
    pub(super) fn call(&self, key: Key, field: Option<&Field>) -> Option<(String, Type)> {
        let function = self.functions.get(&key)?;
        let Outcome::Value(of) = &function.result else {
            return None;
        };
        let arguments: Vec<String> = function
            .arguments
            .iter()
            .enumerate()
            .map(|(at, argument)| match field {
                Some(field) if at == 0 && field.of == argument.of => field.sql.clone(),
                _ => self.cast_value(&argument.of, 0),
            })
            .collect();
        let name = names::function(self.placed(function.schema), key);
        Some((format!("{name}({})", arguments.join(", ")), of.clone()))
    }

    /// The name of the first trigger function from that key on.
    pub(super) fn trigger_function(&self, from: Key) -> Option<String> {
        let mut found = self
            .functions
            .range(from..)
            .chain(&self.functions)
            .filter(|(_, function)| matches!(function.result, Outcome::Trigger));
        let (key, function) = found.next()?;
        Some(names::function(self.placed(function.schema), *key))
    }
}

fn find(fields: &[Field], key: Key) -> Option<&Field> {
    fields.iter().find(|field| field.key == key)
}
