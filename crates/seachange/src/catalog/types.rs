//! Types: enums, domains, composites, ranges.

use std::collections::BTreeMap;

use seachange_schema::model::{Attribute, Collation, Composite, Domain, DomainCheck, Enum, Range};
use seachange_schema::{Ident, Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct EnumRow {
    oid: u32,
    name: Name,
    labels: Vec<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct DomainRow {
    oid: u32,
    name: Name,
    data_type: String,
    collation: Option<String>,
    not_null: bool,
    default: Option<String>,
    checks: Vec<CheckRow>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct CheckRow {
    oid: u32,
    name: Ident,
    definition: String,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct CollationRow {
    oid: u32,
    name: Name,
    provider: String,
    locale: Option<String>,
    lc_collate: Option<String>,
    lc_ctype: Option<String>,
    deterministic: bool,
    rules: Option<String>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct CompositeRow {
    oid: u32,
    name: Name,
    attributes: Vec<Attribute>,
    comment: Option<String>,
}

#[derive(Deserialize)]
struct RangeRow {
    oid: u32,
    name: Name,
    subtype: String,
    subtype_opclass: Option<String>,
    collation: Option<String>,
    canonical: Option<String>,
    subtype_diff: Option<String>,
    multirange_type_name: String,
    comment: Option<String>,
}

pub(super) fn enums(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<EnumRow>>(answer)? {
        into.add(
            Address::whole(class::TYPE, row.oid),
            ObjectId::Type { name: row.name },
            Object::Enum(Enum {
                labels: row.labels,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn domains(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<DomainRow>>(answer)? {
        let id = ObjectId::Type { name: row.name };
        let mut checks = BTreeMap::new();
        for check in row.checks {
            // What a check needs, its domain needs.
            into.also(Address::whole(class::CONSTRAINT, check.oid), id.clone());
            let definition = check.definition;
            let comment = check.comment;
            checks.insert(
                check.name,
                DomainCheck {
                    definition,
                    comment,
                },
            );
        }
        let domain = Domain {
            data_type: row.data_type,
            collation: row.collation,
            not_null: row.not_null,
            default: row.default,
            checks,
            comment: row.comment,
        };
        into.add(
            Address::whole(class::TYPE, row.oid),
            id,
            Object::Domain(domain),
        );
    }
    Ok(())
}

pub(super) fn composites(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<CompositeRow>>(answer)? {
        into.add(
            Address::whole(class::TYPE, row.oid),
            ObjectId::Type { name: row.name },
            Object::Composite(Composite {
                attributes: row.attributes,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn collations(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<CollationRow>>(answer)? {
        let options = [
            ("provider", Some(row.provider)),
            ("locale", row.locale),
            ("lc_collate", row.lc_collate),
            ("lc_ctype", row.lc_ctype),
            (
                "deterministic",
                (!row.deterministic).then(|| "false".to_owned()),
            ),
            ("rules", row.rules),
        ];
        let options = options
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        into.add(
            Address::whole(class::COLLATION, row.oid),
            ObjectId::Collation { name: row.name },
            Object::Collation(Collation {
                options,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

pub(super) fn ranges(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<RangeRow>>(answer)? {
        let options = [
            ("subtype", Some(row.subtype)),
            ("subtype_opclass", row.subtype_opclass),
            ("collation", row.collation),
            ("canonical", row.canonical),
            ("subtype_diff", row.subtype_diff),
            ("multirange_type_name", Some(row.multirange_type_name)),
        ];
        let options = options
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect();
        into.add(
            Address::whole(class::TYPE, row.oid),
            ObjectId::Type { name: row.name },
            Object::Range(Range {
                options,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}
