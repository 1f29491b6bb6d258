//! A column's type in Rust, as an attribute, and as SeaORM's statements have it.

use std::collections::BTreeMap;
use std::sync::Arc;

use sea_orm::sea_query::{ColumnType, IntoIden, StringLen};
use seachange_schema::{Name, Object, ObjectId, Schema};

use super::super::declared::{Cast, Enum, Kind};
use super::spelled;

/// How a column of that type is written. What the driver knows no type for is text in Rust, cast on the
/// way in and out; a domain is what it is a domain over.
pub(super) fn kind(schema: &Schema, enums: &BTreeMap<Name, Enum>, data_type: &str) -> Kind {
    if let Some(kind) = built_in(data_type) {
        return kind;
    }
    if let Some(element) = data_type.strip_suffix("[]") {
        return array(enums, element, data_type);
    }
    let name = spelled::name(data_type);
    if let Some(one) = name.as_ref().and_then(|name| enums.get(name)) {
        let sql = ColumnType::Custom(one.name.as_str().to_owned().into_iden());
        return plain(&one.rust, None, sql);
    }
    let domain = name.and_then(|name| schema.get(&ObjectId::Type { name }));
    if let Some(Object::Domain(domain)) = domain {
        let base = kind(schema, &BTreeMap::new(), &domain.data_type);
        let read = base.cast.map_or(domain.data_type.clone(), |cast| cast.read);
        return Kind {
            rust: base.rust,
            cast: Some(Cast {
                read,
                write: data_type.to_owned(),
            }),
            ..custom("String", data_type)
        };
    }
    as_text(data_type)
}

/// Text in Rust, whatever it is in PostgreSQL.
pub(super) fn as_text(data_type: &str) -> Kind {
    Kind {
        cast: Some(Cast {
            read: "text".to_owned(),
            write: data_type.to_owned(),
        }),
        ..custom("String", data_type)
    }
}

/// A type under a name of PostgreSQL's that the Rust type doesn't imply.
pub(super) fn custom(rust: &str, data_type: &str) -> Kind {
    let attribute = format!("custom({data_type:?})");
    plain(
        rust,
        Some(&attribute),
        ColumnType::custom(data_type.to_owned()),
    )
}

fn plain(rust: &str, attribute: Option<&str>, sql: ColumnType) -> Kind {
    Kind {
        rust: rust.to_owned(),
        attribute: attribute.map(str::to_owned),
        sql,
        cast: None,
    }
}

fn built_in(data_type: &str) -> Option<Kind> {
    Some(match data_type {
        "smallint" => plain("i16", None, ColumnType::SmallInteger),
        "integer" => plain("i32", None, ColumnType::Integer),
        "bigint" => plain("i64", None, ColumnType::BigInteger),
        "real" => plain("f32", None, ColumnType::Float),
        "double precision" => plain("f64", None, ColumnType::Double),
        "boolean" => plain("bool", None, ColumnType::Boolean),
        "text" => plain("String", Some("Text"), ColumnType::Text),
        "character varying" => plain("String", None, ColumnType::String(StringLen::None)),
        "uuid" => plain("Uuid", None, ColumnType::Uuid),
        "json" => plain("Json", None, ColumnType::Json),
        "jsonb" => plain("Json", Some("JsonBinary"), ColumnType::JsonBinary),
        "bytea" => plain("Vec<u8>", None, ColumnType::VarBinary(StringLen::None)),
        "numeric" => plain("Decimal", None, ColumnType::Decimal(None)),
        "date" => plain("Date", None, ColumnType::Date),
        "time without time zone" => plain("Time", None, ColumnType::Time),
        "timestamp without time zone" => plain("DateTime", None, ColumnType::DateTime),
        "timestamp with time zone" => plain("DateTimeUtc", None, ColumnType::TimestampWithTimeZone),
        _ => return with_modifier(data_type),
    })
}

fn with_modifier(data_type: &str) -> Option<Kind> {
    let (base, rest) = data_type.split_once('(')?;
    let (modifier, suffix) = rest.split_once(')')?;
    Some(match (base, suffix) {
        ("character varying", "") => {
            let length = modifier.parse().ok()?;
            let attribute = format!("String(StringLen::N({length}))");
            plain(
                "String",
                Some(&attribute),
                ColumnType::String(StringLen::N(length)),
            )
        }
        ("character", "") => {
            let length = modifier.parse().ok()?;
            let attribute = format!("Char(Some({length}))");
            plain("String", Some(&attribute), ColumnType::Char(Some(length)))
        }
        ("numeric", "") => {
            let (precision, scale) = modifier.split_once(',')?;
            match (precision.parse(), scale.parse()) {
                (Ok(precision), Ok(scale)) => {
                    let attribute = format!("Decimal(Some(({precision}, {scale})))");
                    let sql = ColumnType::Decimal(Some((precision, scale)));
                    plain("Decimal", Some(&attribute), sql)
                }
                _ => custom("Decimal", data_type),
            }
        }
        ("time", " without time zone") => custom("Time", data_type),
        ("timestamp", " without time zone") => custom("DateTime", data_type),
        ("timestamp", " with time zone") => custom("DateTimeUtc", data_type),
        _ => return None,
    })
}

fn array(enums: &BTreeMap<Name, Enum>, element: &str, data_type: &str) -> Kind {
    if let Some(one) = spelled::name(element).and_then(|name| enums.get(&name)) {
        let labels = one
            .labels
            .iter()
            .map(|(_, label)| label.clone().into_iden());
        let sql = ColumnType::Enum {
            name: one.name.as_str().to_owned().into_iden(),
            variants: labels.collect(),
        };
        return plain(
            &format!("Vec<{}>", one.rust),
            None,
            ColumnType::Array(Arc::new(sql)),
        );
    }
    match built_in(element) {
        // The driver reads these as one value, or not at all.
        Some(kind) if ["Json", "Vec<u8>"].contains(&kind.rust.as_str()) => as_text(data_type),
        Some(kind) if kind.attribute.is_none() => Kind {
            rust: format!("Vec<{}>", kind.rust),
            sql: ColumnType::Array(Arc::new(kind.sql)),
            ..kind
        },
        Some(kind) => custom(&format!("Vec<{}>", kind.rust), data_type),
        None => as_text(data_type),
    }
}
