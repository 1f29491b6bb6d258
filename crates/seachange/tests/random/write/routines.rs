//! Functions and procedures.

use super::remark;
use crate::names;
use crate::world::{Body, Function, Key, Outcome, Reads, World};

pub(super) fn write(world: &World, out: &mut Vec<String>) {
    for (key, function) in &world.functions {
        let name = names::function(world.placed(function.schema), *key);
        let trigger = matches!(function.result, Outcome::Trigger);
        let arguments: Vec<String> = function
            .arguments
            .iter()
            .filter(|_| !trigger)
            .map(|argument| {
                let name = argument.name.map(|key| format!("{} ", names::column(key)));
                let default = argument
                    .default
                    .map(|at| format!(" DEFAULT {}", world.value(&argument.of, at)));
                format!(
                    "{}{}{}",
                    name.unwrap_or_default(),
                    world.type_sql(&argument.of),
                    default.unwrap_or_default()
                )
            })
            .collect();
        let types: Vec<String> = function
            .arguments
            .iter()
            .filter(|_| !trigger)
            .map(|argument| world.type_sql(&argument.of))
            .collect();
        let (kind, result) = match &function.result {
            Outcome::Value(of) => ("FUNCTION", format!(" RETURNS {}", world.type_sql(of))),
            Outcome::Trigger => ("FUNCTION", " RETURNS trigger".to_owned()),
            Outcome::Nothing => ("PROCEDURE", String::new()),
            Outcome::Rows(table) => match world.tables.get(table) {
                Some(found) => (
                    "FUNCTION",
                    format!(
                        " RETURNS SETOF {}",
                        names::table(world.placed(found.schema), *table)
                    ),
                ),
                None => continue,
            },
        };
        let volatility = match function.volatility {
            _ if kind == "PROCEDURE" => "",
            // One that reads the table whose index calls it never ends.
            0 | 1 | 4 if matches!(function.body, Body::Parsed(Some(_))) => " STABLE",
            0 | 1 => " IMMUTABLE",
            2 => " STABLE",
            3 => " VOLATILE",
            4 => " IMMUTABLE STRICT PARALLEL SAFE COST 7",
            _ => " STABLE SECURITY DEFINER SET search_path = pg_catalog",
        };
        out.push(format!(
            "CREATE {kind} {name}({}){result}{volatility}{}",
            arguments.join(", "),
            body(world, *key, function)
        ));
        remark(
            out,
            &format!("{kind} {name}({})", types.join(", ")),
            function.remark,
        );
    }
}

fn body(world: &World, key: Key, function: &Function) -> String {
    let value = match &function.result {
        Outcome::Trigger => {
            return " LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$".to_owned();
        }
        Outcome::Nothing => "1".to_owned(),
        Outcome::Rows(table) => {
            let name = world
                .tables
                .get(table)
                .map(|found| names::table(world.placed(found.schema), *table))
                .unwrap_or_default();
            return match function.body {
                Body::Parsed(_) => {
                    format!(" LANGUAGE sql BEGIN ATOMIC SELECT * FROM {name}; END")
                }
                _ => format!(
                    " LANGUAGE sql AS 'SELECT * FROM {}'",
                    name.replace('\'', "''")
                ),
            };
        }
        Outcome::Value(of) => match function.arguments.first() {
            Some(first) if first.of == *of => "$1".to_owned(),
            _ => world.cast_value(of, key),
        },
    };
    match &function.body {
        Body::Text => format!(" LANGUAGE sql AS $$SELECT {value}$$"),
        Body::Procedural => match function.result {
            Outcome::Nothing => " LANGUAGE plpgsql AS $$BEGIN NULL; END$$".to_owned(),
            _ => format!(" LANGUAGE plpgsql AS $$BEGIN RETURN {value}; END$$"),
        },
        Body::Parsed(None) if !matches!(function.result, Outcome::Nothing) => {
            format!(" LANGUAGE sql RETURN {value}")
        }
        Body::Parsed(reads) => {
            let first = reads.as_ref().and_then(|reads| read(world, key, reads));
            format!(
                " LANGUAGE sql BEGIN ATOMIC {} SELECT {value}; END",
                first.unwrap_or_default()
            )
        }
    }
}

fn read(world: &World, own: Key, reads: &Reads) -> Option<String> {
    match reads {
        Reads::Table(table, column) => {
            let found = world.tables.get(table)?;
            let fields = world.fields(*table);
            let field = fields.iter().find(|field| field.key == *column)?;
            Some(format!(
                "SELECT {} FROM {};",
                field.sql,
                names::table(world.placed(found.schema), *table)
            ))
        }
        Reads::View(view) => {
            let found = world.views.get(view)?;
            Some(format!(
                "SELECT * FROM {};",
                names::view(world.placed(found.schema), *view)
            ))
        }
        Reads::Function(other) if *other < own => {
            let (call, _) = world.call(*other, None)?;
            Some(format!("SELECT {call};"))
        }
        Reads::Function(_) => None,
    }
}
