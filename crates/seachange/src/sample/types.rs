//! What a column's type is to masking: the many names of the catalog brought down to a few kinds.

use seachange_schema::{Object, ObjectId, Schema};

use super::mask::{TextType, Width};

/// What kind of value, and whether an array of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) kind: Kind,
    pub(super) array: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text(TextType),
    /// Every width that columns joined by foreign keys have.
    Integer(Vec<Width>),
    Number,
    Boolean,
    Enum {
        name: String,
        labels: Vec<String>,
    },
    Uuid,
    Day,
    Time,
    Json,
    Bytes,
    /// Nothing is known of it.
    Other,
}

/// The type of a column (or a domain), which `data_type` spells.
pub(super) fn of(schema: &Schema, id: &ObjectId, data_type: &str) -> Type {
    let element = data_type.trim_end_matches("[]");
    let array = element.len() < data_type.len();
    let own = schema
        .needs(id)
        .filter(|needed| *needed != id)
        .find_map(|needed| match (needed, schema.get(needed)?) {
            (ObjectId::Type { .. }, object) => Some((needed, object)),
            _ => None,
        });
    let kind = match own {
        Some((ObjectId::Type { name }, Object::Enum(of))) => Kind::Enum {
            name: name.plain(),
            labels: of.labels.clone(),
        },
        Some((id, Object::Domain(domain))) => {
            let base = of(schema, id, &domain.data_type);
            return match array && base.array {
                // An array of a domain over arrays.
                true => other(),
                false => Type {
                    array: array || base.array,
                    ..base
                },
            };
        }
        Some(_) => return other(),
        None => built_in(element),
    };
    Type { kind, array }
}

fn other() -> Type {
    Type {
        kind: Kind::Other,
        array: false,
    }
}

/// Types as `format_type` spells them, and those of extensions by their name.
fn built_in(name: &str) -> Kind {
    let (plain, modifier) = match name.split_once('(') {
        Some((plain, rest)) => (plain, rest.split([',', ')']).next()),
        None => (name, None),
    };
    let text = TextType {
        limit: modifier.and_then(|modifier| modifier.parse().ok()),
        folds: false,
        blanks: false,
    };
    match plain {
        "text" | "character varying" => Kind::Text(text),
        "character" | "bpchar" => Kind::Text(TextType {
            blanks: true,
            ..text
        }),
        "name" => Kind::Text(TextType {
            limit: Some(63),
            ..text
        }),
        "smallint" => Kind::Integer(vec![Width::Small]),
        "integer" => Kind::Integer(vec![Width::Integer]),
        "bigint" => Kind::Integer(vec![Width::Big]),
        "numeric" | "real" | "double precision" => Kind::Number,
        "boolean" => Kind::Boolean,
        "uuid" => Kind::Uuid,
        "date" => Kind::Day,
        "json" | "jsonb" => Kind::Json,
        "bytea" => Kind::Bytes,
        _ if plain == "citext" || plain.ends_with(".citext") => Kind::Text(TextType {
            folds: true,
            ..text
        }),
        // `timestamp(3) with time zone` has its modifier in the middle.
        _ if plain.starts_with("timestamp") => Kind::Day,
        _ if plain == "time" || plain.starts_with("time with") => Kind::Time,
        _ => Kind::Other,
    }
}

impl Kind {
    /// The kind that holds the values of both, for columns that a foreign key joins.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Text(one), Self::Text(two)) => Some(Self::Text(TextType {
                limit: match (one.limit, two.limit) {
                    (Some(one), Some(two)) => Some(one.min(two)),
                    (one, two) => one.or(two),
                },
                folds: one.folds || two.folds,
                blanks: one.blanks || two.blanks,
            })),
            (Self::Integer(one), Self::Integer(two)) => {
                let mut widths = [one.as_slice(), two].concat();
                widths.sort_unstable();
                widths.dedup();
                Some(Self::Integer(widths))
            }
            (one, two) => (one == two).then(|| one.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_the_catalog_are_known() {
        let limit = |name| match built_in(name) {
            Kind::Text(text) => text.limit,
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(limit("character varying(12)"), Some(12));
        assert_eq!(limit("character varying"), None);
        assert_eq!(limit("character(2)"), Some(2));
        assert_eq!(limit("text"), None);
        assert_eq!(built_in("numeric(10,2)"), Kind::Number);
        for day in [
            "date",
            "timestamp(3) without time zone",
            "timestamp with time zone",
        ] {
            assert_eq!(built_in(day), Kind::Day);
        }
        assert_eq!(built_in("time without time zone"), Kind::Time);
        assert_eq!(built_in("time(0) with time zone"), Kind::Time);
        for other in [
            "interval",
            "inet",
            "int4range",
            "xml",
            "money",
            "\"char\"",
            "tsvector",
        ] {
            assert_eq!(built_in(other), Kind::Other, "{other}");
        }
    }
}
