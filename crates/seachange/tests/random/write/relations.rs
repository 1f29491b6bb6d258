//! Sequences and views.

use super::remark;
use crate::names;
use crate::world::{Key, Source, View, World};

pub(super) fn sequences(world: &World, out: &mut Vec<String>) {
    for (key, sequence) in &world.sequences {
        let name = names::sequence(world.placed(sequence.schema), *key);
        let size = ["bigint", "integer", "smallint"][usize::from(sequence.size) % 3];
        let options = options(sequence.options);
        out.push(format!("CREATE SEQUENCE {name} AS {size}{options}"));
        remark(out, &format!("SEQUENCE {name}"), sequence.remark);
    }
}

/// What CREATE SEQUENCE and GENERATED AS IDENTITY have in common.
pub(super) fn options(which: u8) -> &'static str {
    match which {
        1 => " INCREMENT BY 5 START WITH 10",
        2 => " MAXVALUE 999 CYCLE",
        3 => " INCREMENT BY -1",
        4 => " CACHE 20 MINVALUE 0 START WITH 0",
        _ => "",
    }
}

pub(super) fn owners(world: &World, out: &mut Vec<String>) {
    for (key, sequence) in &world.sequences {
        let Some((table, column)) = sequence.owner else {
            continue;
        };
        let Some(found) = world.tables.get(&table) else {
            continue;
        };
        out.push(format!(
            "ALTER SEQUENCE {} OWNED BY {}.{}",
            names::sequence(world.placed(sequence.schema), *key),
            names::table(world.placed(found.schema), table),
            names::column(column)
        ));
    }
}

pub(super) fn views(world: &World, out: &mut Vec<String>) {
    for (key, view) in &world.views {
        let Some(query) = query(world, *key, view) else {
            continue;
        };
        let name = names::view(world.placed(view.schema), *key);
        let (kind, options, end) = if view.materialized {
            let end = if view.facts & 4 > 0 {
                " WITH NO DATA"
            } else {
                ""
            };
            let options = if view.facts & 1 > 0 {
                " WITH (fillfactor=80)"
            } else {
                ""
            };
            ("MATERIALIZED VIEW", options, end)
        } else {
            let options = if view.facts & 1 > 0 {
                " WITH (security_barrier=true)"
            } else {
                ""
            };
            let end = match view.facts & 6 {
                2 => " WITH LOCAL CHECK OPTION",
                6 => " WITH CASCADED CHECK OPTION",
                _ => "",
            };
            ("VIEW", options, end)
        };
        out.push(format!("CREATE {kind} {name}{options} AS {query}{end}"));
        remark(out, &format!("{kind} {name}"), view.remark);
        let outputs = world.outputs(*key, view);
        if view.materialized
            && let (Some(index), Some(output)) = (view.index, outputs.first())
        {
            let unique = if index & 1 > 0 { "UNIQUE " } else { "" };
            let own = names::part("mv", 9, *key);
            out.push(format!(
                "CREATE {unique}INDEX {own} ON {name} ({})",
                output.sql
            ));
        }
        if let Some(function) = view.trigger
            && let Some(function) = world.trigger_function(function)
        {
            out.push(format!(
                "CREATE TRIGGER {} INSTEAD OF INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION {function}()",
                names::part("vt", 9, *key)
            ));
        }
    }
}

fn query(world: &World, key: Key, view: &View) -> Option<String> {
    let from = match view.from {
        Source::Table(table) => {
            let found = world.tables.get(&table)?;
            names::table(world.placed(found.schema), table)
        }
        Source::View(other) => {
            let found = world.views.get(&other).filter(|_| other < key)?;
            names::view(world.placed(found.schema), other)
        }
    };
    let fields = world.source(key, &view.from);
    let only = view
        .only
        .as_ref()
        .and_then(|only| world.truth(only, &fields))
        .map(|truth| format!(" WHERE {truth}"))
        .unwrap_or_default();
    if view.form == 1 {
        return Some(format!("SELECT * FROM {from}{only}"));
    }
    let mut columns = Vec::new();
    let mut made = Vec::new();
    for (at, part) in view.columns.iter().enumerate() {
        if let Some((sql, _)) = world.made(part, &fields) {
            columns.push(format!("{sql} AS {}", names::column(at as Key)));
            made.push(sql);
        }
    }
    if columns.is_empty() {
        return None;
    }
    let list = columns.join(", ");
    Some(match view.form {
        2 => format!(
            "SELECT {list}, count(*) AS n FROM {from}{only} GROUP BY {}",
            made.join(", ")
        ),
        // PostgreSQL takes the other columns from the primary key: the view needs that.
        3 | 4 => format!("SELECT {list}, count(*) AS n FROM {from}{only} GROUP BY \"id\""),
        5 => format!("SELECT {list} FROM {from}{only} UNION ALL SELECT {list} FROM {from}"),
        6 => format!("WITH part AS (SELECT * FROM {from}{only}) SELECT {list} FROM part"),
        7 => format!(
            "SELECT {list} FROM {from} WHERE EXISTS (SELECT 1 FROM {from}{only}) ORDER BY 1"
        ),
        8 => format!(
            "SELECT {list}, row_number() OVER (ORDER BY {}) AS n FROM {from}",
            made[0]
        ),
        _ => format!("SELECT {list} FROM {from}{only}"),
    })
}
