//! Tables: bare first, then their columns, and at last what hangs on them.

mod parts;

use super::{relations, remark};
use crate::names;
use crate::world::{Column, Filled, Key, Method, Place, Table, Type, World};

pub(super) use parts::parts;

pub(super) fn write(world: &World, out: &mut Vec<String>) {
    for (key, table) in &world.tables {
        create(world, *key, table, out);
    }
    for (key, table) in &world.tables {
        let name = names::table(world.placed(table.schema), *key);
        let partition =
            matches!(table.place, Place::Partition { .. }) && world.parent(*key).is_some();
        for (number, column) in &table.columns {
            let own = names::column(*number);
            let inherited = world
                .parent(*key)
                .is_some_and(|parent| world.fields(parent).iter().any(|it| it.key == *number));
            if partition || inherited {
                overrides(world, &name, &own, column, out);
            } else if *number > 0 {
                out.push(format!(
                    "ALTER TABLE {name} ADD COLUMN {own} {}",
                    definition(world, *key, column)
                ));
            }
            facts(&name, &own, column, out);
        }
    }
}

fn create(world: &World, key: Key, table: &Table, out: &mut Vec<String>) {
    let name = names::table(world.placed(table.schema), key);
    let unlogged = if table.facts & 1 > 0 { "UNLOGGED " } else { "" };
    let parameters = match table.facts & 18 {
        2 => " WITH (fillfactor=70)",
        16 => " WITH (autovacuum_enabled=false)",
        18 => " WITH (fillfactor=90, autovacuum_enabled=false)",
        _ => "",
    };
    let parent = world.parent(key);
    let parent_name = parent.and_then(|parent| {
        let found = world.tables.get(&parent)?;
        Some(names::table(world.placed(found.schema), parent))
    });
    let first = match table.columns.get(&0) {
        Some(column) => format!("\"id\" {}", definition(world, key, column)),
        None => String::new(),
    };
    let sql = match (&table.place, parent_name) {
        (Place::Partition { share, again, .. }, Some(parent_name)) => {
            let method = parent.and_then(|parent| method(world, parent));
            let parameters = if again.is_some() { "" } else { parameters };
            format!(
                "CREATE {unlogged}TABLE {name} PARTITION OF {parent_name} {}{}{parameters}",
                bound(method, *share),
                again.map(partition_by).unwrap_or_default()
            )
        }
        (Place::Heir(_), Some(parent_name)) => {
            format!("CREATE {unlogged}TABLE {name} () INHERITS ({parent_name}){parameters}")
        }
        (Place::Partitioned(method), _) => {
            format!("CREATE TABLE {name} ({first}){}", partition_by(*method))
        }
        _ => format!("CREATE {unlogged}TABLE {name} ({first}){parameters}"),
    };
    out.push(sql);
    if table.facts & 4 > 0 {
        out.push(format!("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"));
    }
    if table.facts & 8 > 0 {
        out.push(format!("ALTER TABLE {name} FORCE ROW LEVEL SECURITY"));
    }
    remark(out, &format!("TABLE {name}"), table.remark);
}

fn method(world: &World, table: Key) -> Option<Method> {
    match world.tables.get(&table)?.place {
        Place::Partitioned(method) => Some(method),
        Place::Partition { again, .. } => again,
        Place::Alone | Place::Heir(_) => None,
    }
}

fn partition_by(method: Method) -> String {
    let word = match method {
        Method::Range => "RANGE",
        Method::List => "LIST",
        Method::Hash => "HASH",
    };
    format!(" PARTITION BY {word} (\"id\")")
}

fn bound(method: Option<Method>, share: u8) -> String {
    match method {
        None | Some(Method::Range) if share < 4 => {
            let low = u32::from(share) * 10;
            format!("FOR VALUES FROM ({low}) TO ({})", low + 10)
        }
        Some(Method::List) if share < 4 => {
            let low = u32::from(share) * 3;
            format!("FOR VALUES IN ({}, {}, {})", low + 1, low + 2, low + 3)
        }
        Some(Method::Hash) => format!("FOR VALUES WITH (MODULUS 4, REMAINDER {})", share % 4),
        _ => "DEFAULT".to_owned(),
    }
}

fn definition(world: &World, table: Key, column: &Column) -> String {
    let mut sql = world.type_sql(&column.of);
    if column.facts & 1 > 0 && world.is_text(&column.of) {
        sql.push_str(" COLLATE \"C\"");
    }
    match &column.filled {
        Filled::Not => {}
        Filled::Literal(at) => {
            sql.push_str(&format!(" DEFAULT {}", world.value(&column.of, *at)));
        }
        Filled::Call(function) => {
            if let Some((call, of)) = world.call(*function, None) {
                let cast = if of == column.of {
                    String::new()
                } else {
                    format!("::text::{}", world.type_sql(&column.of))
                };
                sql.push_str(&format!(" DEFAULT {call}{cast}"));
            }
        }
        Filled::Next(sequence) => {
            if let Some(found) = world.sequences.get(sequence) {
                let name = names::sequence(world.placed(found.schema), *sequence);
                sql.push_str(&format!(
                    " DEFAULT nextval({})",
                    seachange_schema::name::literal(&name)
                ));
            }
        }
        Filled::Serial => match column.of {
            Type::Plain(1) => sql = "bigserial".to_owned(),
            Type::Plain(3) => sql = "smallserial".to_owned(),
            Type::Plain(0) => sql = "serial".to_owned(),
            _ => {}
        },
        Filled::Identity { always, options } => {
            if matches!(column.of, Type::Plain(0 | 1 | 3)) {
                let mode = if *always { "ALWAYS" } else { "BY DEFAULT" };
                let options = match relations::options(*options) {
                    "" => String::new(),
                    some => format!(" ({})", some.trim_start()),
                };
                sql.push_str(&format!(" GENERATED {mode} AS IDENTITY{options}"));
            }
        }
        Filled::Generated(expression) => {
            let fields = world.fields(table);
            if let Some((made, of)) = world.made(expression, &fields) {
                let cast = if of == column.of {
                    String::new()
                } else {
                    format!("::{}", world.type_sql(&column.of))
                };
                sql.push_str(&format!(" GENERATED ALWAYS AS (({made}){cast}) STORED"));
            }
        }
    }
    if column.not_null {
        sql.push_str(" NOT NULL");
    }
    sql
}

/// Where a partition's column is not as its parent's.
fn overrides(world: &World, table: &str, column: &str, about: &Column, out: &mut Vec<String>) {
    if let Filled::Literal(at) = &about.filled {
        out.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {}",
            world.value(&about.of, *at)
        ));
    }
    if about.not_null {
        out.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL"
        ));
    }
}

fn facts(table: &str, column: &str, about: &Column, out: &mut Vec<String>) {
    if about.facts & 2 > 0 {
        out.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 250"
        ));
    }
    let storage = match about.facts & 12 {
        4 => Some("EXTERNAL"),
        8 => Some("MAIN"),
        _ => None,
    };
    if let Some(storage) = storage {
        out.push(format!(
            "ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {storage}"
        ));
    }
    remark(out, &format!("COLUMN {table}.{column}"), about.remark);
}
