//! A world as SQL, a statement for each small thing, so that one that PostgreSQL refuses takes nothing
//! else away.

mod relations;
mod routines;
mod tables;
mod types;

use seachange_schema::name::literal;

use super::names;
use super::world::{Remark, World};

/// The statements, roughly in an order in which they can run.
pub(crate) fn statements(world: &World) -> Vec<String> {
    let world = &world.clone().in_order();
    let mut out = Vec::new();
    for (key, text) in &world.schemas {
        let name = names::schema(*key);
        out.push(format!("CREATE SCHEMA {name}"));
        remark(&mut out, &format!("SCHEMA {name}"), *text);
    }
    types::write(world, &mut out);
    relations::sequences(world, &mut out);
    routines::write(world, &mut out);
    tables::write(world, &mut out);
    relations::owners(world, &mut out);
    relations::views(world, &mut out);
    tables::parts(world, &mut out);
    out
}

fn remark(out: &mut Vec<String>, what: &str, text: Remark) {
    if let Some(text) = text {
        out.push(format!(
            "COMMENT ON {what} IS {}",
            literal(names::remark(text))
        ));
    }
}
