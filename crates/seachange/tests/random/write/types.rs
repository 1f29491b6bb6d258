//! Types that a world defines.

use seachange_schema::name::literal;

use super::remark;
use crate::names;
use crate::types::{distinct, distinct_by_name};
use crate::world::{Shape, World};

pub(super) fn write(world: &World, out: &mut Vec<String>) {
    for (key, defined) in &world.types {
        let name = names::data_type(world.placed(defined.schema), *key);
        let mut kind = "TYPE";
        out.push(match &defined.shape {
            Shape::Enum(labels) => {
                let labels: Vec<String> = distinct(labels).into_iter().map(literal).collect();
                format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
            }
            Shape::Domain(domain) => {
                kind = "DOMAIN";
                let mut sql = format!("CREATE DOMAIN {name} AS {}", world.type_sql(&domain.of));
                if let Some(default) = domain.default {
                    sql.push_str(&format!(" DEFAULT {}", world.value(&domain.of, default)));
                }
                if domain.not_null {
                    sql.push_str(" NOT NULL");
                }
                if let Some(check) = domain.check {
                    let value = |at| world.value(&domain.of, at);
                    sql.push_str(&match check {
                        0 => format!(" CHECK (VALUE <> {})", value(3)),
                        1 => format!(
                            " CONSTRAINT \"Fits\" CHECK (VALUE IN ({}, {}))",
                            value(0),
                            value(1)
                        ),
                        2 => format!(" CHECK (VALUE >= {})", value(0)),
                        3 => " CHECK (length(VALUE::text) < 90)".to_owned(),
                        4 => match world.call(check % 3, None) {
                            Some((call, _)) => format!(" CHECK ({call} IS NOT NULL)"),
                            None => String::new(),
                        },
                        _ => " CHECK (VALUE IS NOT NULL)".to_owned(),
                    });
                }
                sql
            }
            Shape::Composite(attributes) => {
                let attributes: Vec<String> = distinct_by_name(attributes)
                    .into_iter()
                    .map(|(key, of)| format!("{} {}", names::column(*key), world.type_sql(of)))
                    .collect();
                format!("CREATE TYPE {name} AS ({})", attributes.join(", "))
            }
            Shape::Range(of) => {
                format!(
                    "CREATE TYPE {name} AS RANGE (SUBTYPE = {})",
                    world.type_sql(of)
                )
            }
        });
        remark(out, &format!("{kind} {name}"), defined.remark);
    }
}
