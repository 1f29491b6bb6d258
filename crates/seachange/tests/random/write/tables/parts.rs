//! Constraints, indexes, triggers, policies and rules.

use crate::expressions::Field;
use crate::names;
use crate::world::{Constraint, Index, Key, Policy, Rule, Table, Trigger, World};
use crate::write::remark;

pub(crate) fn parts(world: &World, out: &mut Vec<String>) {
    // Keys before foreign keys.
    for first in [true, false] {
        for (key, table) in &world.tables {
            for (number, constraint) in &table.constraints {
                let foreign = matches!(constraint, Constraint::Foreign { .. });
                if foreign != first {
                    self::constraint(world, (*key, table), *number, constraint, out);
                }
            }
        }
    }
    for (key, table) in &world.tables {
        for (number, index) in &table.indexes {
            self::index(world, (*key, table), *number, index, out);
        }
        for (number, trigger) in &table.triggers {
            self::trigger(world, (*key, table), *number, trigger, out);
        }
        for (number, policy) in &table.policies {
            self::policy(world, (*key, table), *number, policy, out);
        }
        for (number, rule) in &table.rules {
            self::rule(world, (*key, table), *number, rule, out);
        }
    }
}

type Of<'a> = (Key, &'a Table);

fn list(keys: &[Key], fields: &[Field]) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for key in keys {
        let field = fields.iter().find(|field| field.key == *key)?;
        if !names.contains(&field.sql) {
            names.push(field.sql.clone());
        }
    }
    Some(names.join(", "))
}

fn constraint(
    world: &World,
    (key, table): Of<'_>,
    number: Key,
    constraint: &Constraint,
    out: &mut Vec<String>,
) {
    let name = names::table(world.placed(table.schema), key);
    let fields = world.fields(key);
    let Some(definition) = definition(world, constraint, &fields) else {
        return;
    };
    // PostgreSQL names some of them itself.
    let own = (number != 0 && number != 3).then(|| names::part("c", key, number));
    match own {
        Some(own) => {
            out.push(format!(
                "ALTER TABLE {name} ADD CONSTRAINT {own} {definition}"
            ));
            if number == 2 {
                remark(out, &format!("CONSTRAINT {own} ON {name}"), Some(1));
            }
        }
        None => out.push(format!("ALTER TABLE {name} ADD {definition}")),
    }
}

fn definition(world: &World, constraint: &Constraint, fields: &[Field]) -> Option<String> {
    Some(match constraint {
        Constraint::Primary(columns) => format!("PRIMARY KEY ({})", list(columns, fields)?),
        Constraint::Unique { columns, facts } => {
            let nulls = match facts & 3 {
                1 => " NULLS NOT DISTINCT",
                _ => "",
            };
            let include = match facts & 12 {
                4 => " INCLUDE (\"id\")",
                _ => "",
            };
            let deferrable = match facts & 12 {
                8 => " DEFERRABLE",
                12 => " DEFERRABLE INITIALLY DEFERRED",
                _ => "",
            };
            format!(
                "UNIQUE{nulls} ({}){include}{deferrable}",
                list(columns, fields)?
            )
        }
        Constraint::Foreign {
            columns,
            table,
            target,
            facts,
        } => foreign(world, columns, *table, *target, *facts, fields)?,
        Constraint::Check { truth, facts } => {
            let inherit = if facts & 1 > 0 { " NO INHERIT" } else { "" };
            let valid = if facts & 2 > 0 { " NOT VALID" } else { "" };
            format!("CHECK ({}){inherit}{valid}", world.truth(truth, fields)?)
        }
        Constraint::Exclusion { column, facts } => {
            let name = list(&[*column], fields)?;
            let only = if facts & 1 > 0 {
                format!(" WHERE ({name} IS NOT NULL)")
            } else {
                String::new()
            };
            let deferrable = if facts & 2 > 0 { " DEFERRABLE" } else { "" };
            format!("EXCLUDE USING gist ({name} WITH &&){only}{deferrable}")
        }
    })
}

fn foreign(
    world: &World,
    columns: &[Key],
    table: Key,
    target: Key,
    facts: u8,
    fields: &[Field],
) -> Option<String> {
    let other = world.tables.get(&table)?;
    let targets = match other.constraints.get(&target)? {
        Constraint::Primary(columns) | Constraint::Unique { columns, .. } => columns,
        _ => return None,
    };
    let mut own = columns.to_vec();
    own.truncate(targets.len());
    let action = match facts & 7 {
        1 => " ON DELETE CASCADE",
        2 => " ON DELETE SET NULL",
        3 => " ON UPDATE CASCADE ON DELETE RESTRICT",
        4 => " MATCH FULL",
        5 => " ON DELETE SET DEFAULT",
        _ => "",
    };
    let deferrable = match facts & 24 {
        8 => " DEFERRABLE",
        16 => " DEFERRABLE INITIALLY DEFERRED",
        _ => "",
    };
    let valid = if facts & 32 > 0 && facts & 3 == 1 {
        " NOT VALID"
    } else {
        ""
    };
    Some(format!(
        "FOREIGN KEY ({}) REFERENCES {} ({}){action}{deferrable}{valid}",
        list(&own, fields)?,
        names::table(world.placed(other.schema), table),
        list(targets, &world.fields(table))?
    ))
}

fn index(world: &World, (key, table): Of<'_>, number: Key, index: &Index, out: &mut Vec<String>) {
    let name = names::table(world.placed(table.schema), key);
    let fields = world.fields(key);
    let mut parts = Vec::new();
    for (at, part) in index.parts.iter().enumerate() {
        let Some((made, of)) = world.made(part, &fields) else {
            return;
        };
        let plain = fields.iter().any(|field| field.sql == made);
        let mut part = if plain { made } else { format!("({made})") };
        match index.method {
            1 => part.push_str(" DESC"),
            2 => part.push_str(" DESC NULLS LAST"),
            3 if world.is_text(&of) => part.push_str(" text_pattern_ops"),
            4 if world.is_text(&of) => part.push_str(" COLLATE \"C\""),
            _ => {}
        }
        // Only some methods take several.
        if at > 0 && matches!(index.method, 5 | 6) {
            break;
        }
        parts.push(part);
    }
    let method = match index.method {
        5 => " USING hash",
        6 => " USING gin",
        7 => " USING brin",
        _ => "",
    };
    let unique = if index.unique { "UNIQUE " } else { "" };
    let include = index
        .include
        .and_then(|column| list(&[column], &fields))
        .map(|column| format!(" INCLUDE ({column})"))
        .unwrap_or_default();
    let nulls = if index.unique && number == 1 {
        " NULLS NOT DISTINCT"
    } else {
        ""
    };
    let with = if number == 2 {
        " WITH (fillfactor=60)"
    } else {
        ""
    };
    let only = index
        .only
        .as_ref()
        .and_then(|only| world.truth(only, &fields))
        .map(|truth| format!(" WHERE {truth}"))
        .unwrap_or_default();
    let own = (number != 3).then(|| names::part("i", key, number));
    out.push(format!(
        "CREATE {unique}INDEX {}ON {name}{method} ({}){include}{nulls}{with}{only}",
        own.iter().map(|own| format!("{own} ")).collect::<String>(),
        parts.join(", ")
    ));
    if let Some(own) = own {
        let schema = names::schema(world.placed(table.schema));
        remark(out, &format!("INDEX {schema}.{own}"), index.remark);
    }
}

fn trigger(
    world: &World,
    (key, table): Of<'_>,
    number: Key,
    trigger: &Trigger,
    out: &mut Vec<String>,
) {
    let name = names::table(world.placed(table.schema), key);
    let Some(function) = world.trigger_function(trigger.function) else {
        return;
    };
    let fields: Vec<Field> = world
        .fields(key)
        .into_iter()
        .map(|field| Field {
            sql: format!("NEW.{}", field.sql),
            ..field
        })
        .collect();
    let when = trigger
        .when
        .as_ref()
        .and_then(|when| world.truth(when, &fields))
        .map(|truth| format!(" WHEN ({truth})"))
        .unwrap_or_default();
    let of = names::column(trigger.column);
    let own = names::part("t", key, number);
    let constraint = if trigger.event == 7 {
        "CONSTRAINT "
    } else {
        ""
    };
    let rest = match trigger.event {
        0 => format!("BEFORE UPDATE OF {of} ON {name} FOR EACH ROW{when}"),
        1 => format!("AFTER INSERT OR UPDATE ON {name} FOR EACH ROW{when}"),
        2 => format!("BEFORE INSERT ON {name} FOR EACH ROW{when}"),
        3 => format!(
            "AFTER UPDATE ON {name} REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT"
        ),
        4 => format!("AFTER DELETE OR TRUNCATE ON {name} FOR EACH STATEMENT"),
        5 => format!("AFTER INSERT OR UPDATE OF {of}, \"id\" ON {name} FOR EACH ROW{when}"),
        6 => format!("AFTER UPDATE ON {name} FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"),
        _ => format!(
            "AFTER UPDATE OF {of} ON {name} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when}"
        ),
    };
    out.push(format!(
        "CREATE {constraint}TRIGGER {own} {rest} EXECUTE FUNCTION {function}()"
    ));
    enabled(&name, "TRIGGER", &own, trigger.enabled, out);
    remark(out, &format!("TRIGGER {own} ON {name}"), trigger.remark);
}

fn enabled(table: &str, word: &str, own: &str, state: u8, out: &mut Vec<String>) {
    let verb = match state {
        1 => "DISABLE",
        2 => "ENABLE ALWAYS",
        3 => "ENABLE REPLICA",
        _ => return,
    };
    out.push(format!("ALTER TABLE {table} {verb} {word} {own}"));
}

fn policy(
    world: &World,
    (key, table): Of<'_>,
    number: Key,
    policy: &Policy,
    out: &mut Vec<String>,
) {
    let name = names::table(world.placed(table.schema), key);
    let fields = world.fields(key);
    let Some(mut using) = world.truth(&policy.using, &fields) else {
        return;
    };
    if let Some(other) = policy.looks_at
        && let Some(found) = world.tables.get(&other)
    {
        let other = names::table(world.placed(found.schema), other);
        using = format!("({using}) AND EXISTS (SELECT 1 FROM {other} WHERE \"id\" > 0)");
    }
    let check = policy
        .check
        .as_ref()
        .and_then(|check| world.truth(check, &fields));
    let command = ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"][usize::from(policy.command) % 5];
    let kind = if number == 1 { " AS RESTRICTIVE" } else { "" };
    let own = names::part("p", key, number);
    let mut sql = format!("CREATE POLICY {own} ON {name}{kind} FOR {command}");
    if command != "INSERT" {
        sql.push_str(&format!(" USING ({using})"));
    }
    if let Some(check) = check.filter(|_| !matches!(command, "SELECT" | "DELETE")) {
        sql.push_str(&format!(" WITH CHECK ({check})"));
    }
    out.push(sql);
    remark(out, &format!("POLICY {own} ON {name}"), policy.remark);
}

fn rule(world: &World, (key, table): Of<'_>, number: Key, rule: &Rule, out: &mut Vec<String>) {
    let name = names::table(world.placed(table.schema), key);
    let column = names::column(rule.column);
    let own = names::part("r", key, number);
    let Some(found) = world.tables.get(&rule.other) else {
        return;
    };
    let other = names::table(world.placed(found.schema), rule.other);
    let rest = match rule.form {
        0 => format!("ON DELETE TO {name} WHERE OLD.{column} IS NULL DO INSTEAD NOTHING"),
        1 => format!("ON UPDATE TO {name} DO ALSO NOTIFY changed"),
        2 => format!("ON INSERT TO {name} WHERE NEW.\"id\" < 0 DO INSTEAD NOTHING"),
        _ => {
            format!("ON DELETE TO {name} DO ALSO DELETE FROM {other} WHERE {column} = OLD.{column}")
        }
    };
    out.push(format!("CREATE RULE {own} AS {rest}"));
    enabled(&name, "RULE", &own, rule.enabled, out);
    remark(out, &format!("RULE {own} ON {name}"), rule.remark);
}
