//! A table's columns as an entity's fields.

use std::collections::BTreeSet;

use seachange_schema::model::{Column, ConstraintKind, Default, Generated, SequenceOptions};
use seachange_schema::{Ident, Name, Object, ObjectId};

use super::super::declared::{Entity, Field, Kind, Literal};
use super::super::names;
use super::{Choice, indexes, kind, literal, spelled};

impl Choice<'_> {
    pub(super) fn entity(&self, table: &Name, key: &[Ident], module: &str) -> Entity {
        let mut columns = self.schema.columns(table);
        // SeaORM's key has its columns in the order of the fields.
        let places: Vec<usize> = (0..columns.len())
            .filter(|at| key.contains(columns[*at].0))
            .collect();
        let ordered: Vec<_> = key
            .iter()
            .filter_map(|name| columns.iter().find(|(column, _)| *column == name).copied())
            .collect();
        for (at, column) in places.into_iter().zip(ordered) {
            columns[at] = column;
        }
        let mut taken = BTreeSet::new();
        let mut fields: Vec<Field> = columns
            .into_iter()
            .map(|(name, column)| self.field(table, key, name, column, &mut taken))
            .collect();
        let indexes = indexes::declare(self.schema, table, &mut fields);
        let comment = match self.schema.get(&ObjectId::Table {
            name: table.clone(),
        }) {
            Some(Object::Table(table)) => sayable(table.comment.as_ref()),
            _ => None,
        };
        Entity {
            table: table.clone(),
            module: module.to_owned(),
            comment,
            fields,
            belongs_to: Vec::new(),
            has: Vec::new(),
            indexes,
        }
    }

    fn field(
        &self,
        table: &Name,
        key: &[Ident],
        name: &Ident,
        column: &Column,
        taken: &mut BTreeSet<String>,
    ) -> Field {
        let field = names::free(names::snake(name.as_str()), taken, names::camel);
        let primary_key = key.contains(name);
        let alone = primary_key && key.len() == 1;
        let serial = self.serial(table, name);
        let auto_increment = alone
            && column.identity.as_ref().is_some_and(|it| !it.always)
            && ["smallint", "integer", "bigint"].contains(&column.data_type.as_str());
        let (default, generated) = match (self.default(table, name), &serial) {
            (_, Some(_)) | (None, _) => (None, None),
            (Some(default), None) if default.generated.is_some() => (None, Some(default)),
            (Some(default), None) => (Some(&default.expression), None),
        };
        let kind = match serial {
            Some(serial) => Kind {
                rust: kind::kind(self.schema, &self.enums, &column.data_type).rust,
                ..kind::custom("", serial)
            },
            None => self.kind(column, alone),
        };
        let is_enum = self.enums.values().any(|one| one.rust == kind.rust);
        let default = default.map(|text| match kind.cast {
            None => literal::literal(text, &column.data_type, is_enum),
            Some(_) => Literal::Expression(text.clone()),
        });
        Field {
            variant: names::camel(&field),
            name: field,
            column: name.clone(),
            kind,
            null: !column.not_null,
            primary_key,
            auto_increment,
            unique: !alone && self.is_unique(table, name),
            indexed: false,
            unique_key: None,
            default,
            extra: extra(column, generated, auto_increment),
            comment: sayable(column.comment.as_ref()),
        }
    }

    /// A key of one column has to be made of a number, which SeaORM's enums refuse.
    fn kind(&self, column: &Column, alone: bool) -> Kind {
        let kind = kind::kind(self.schema, &self.enums, &column.data_type);
        match alone && self.enums.values().any(|one| one.rust == kind.rust) {
            true => kind::as_text(&column.data_type),
            false => kind,
        }
    }

    /// A unique constraint of that column alone, which is nothing but that.
    fn is_unique(&self, table: &Name, column: &Ident) -> bool {
        self.schema.objects.iter().any(|(id, object)| match object {
            Object::Constraint(constraint) => {
                id.relation() == Some(table)
                    && constraint.kind == ConstraintKind::Unique
                    && constraint
                        .definition
                        .strip_prefix("UNIQUE ")
                        .and_then(spelled::list)
                        .is_some_and(|(columns, rest)| {
                            columns == [column.clone()] && rest.is_empty()
                        })
            }
            _ => false,
        })
    }

    /// `serial` and the like, where the column is exactly what that makes.
    pub(super) fn serial(&self, table: &Name, column: &Ident) -> Option<&'static str> {
        let of = self
            .column(table, column)
            .filter(|column| column.not_null)?;
        let (serial, max) = match of.data_type.as_str() {
            "smallint" => ("smallserial", i64::from(i16::MAX)),
            "integer" => ("serial", i64::from(i32::MAX)),
            "bigint" => ("bigserial", i64::MAX),
            _ => return None,
        };
        let id = ObjectId::Default {
            table: table.clone(),
            column: column.clone(),
        };
        let Some(Object::Default(default)) = self.schema.get(&id) else {
            return None;
        };
        let name = format!("{}_{}_seq", table.name.as_str(), column.as_str());
        let sequence = table.sibling(&Ident::new(name));
        let Some(Object::Sequence(of_it)) = self.schema.get(&ObjectId::Sequence {
            name: sequence.clone(),
        }) else {
            return None;
        };
        let plain = SequenceOptions {
            data_type: of.data_type.clone(),
            start: 1,
            increment: 1,
            min: 1,
            max,
            cache: 1,
            cycle: false,
        };
        let next = |text: &str| {
            let next = default.expression.strip_prefix("nextval('");
            next.and_then(|rest| rest.strip_suffix("'::regclass)")) == Some(text)
        };
        let owned = of_it.owned_by == Some((table.clone(), column.clone()));
        let called = next(&sequence.plain()) || next(&sequence.to_string());
        (owned && called && of_it.options == plain && !of_it.unlogged).then_some(serial)
    }
}

/// What stands behind a column's declaration as it is.
fn extra(column: &Column, generated: Option<&Default>, auto_increment: bool) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(collation) = &column.collation {
        parts.push(format!("COLLATE {collation}"));
    }
    if let Some(identity) = &column.identity
        && !auto_increment
    {
        let when = if identity.always {
            "ALWAYS"
        } else {
            "BY DEFAULT"
        };
        parts.push(format!("GENERATED {when} AS IDENTITY"));
    }
    if let Some(default) = generated {
        let when = match default.generated {
            Some(Generated::Virtual) => "VIRTUAL",
            Some(Generated::Stored) | None => "STORED",
        };
        parts.push(format!(
            "GENERATED ALWAYS AS ({}) {when}",
            default.expression
        ));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// What SeaORM appends to a comment can't be part of one.
fn sayable(comment: Option<&String>) -> Option<String> {
    comment
        .filter(|comment| !comment.contains("renamed_from \""))
        .cloned()
}
