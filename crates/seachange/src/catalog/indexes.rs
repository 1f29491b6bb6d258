//! Indexes that belong to no constraint.

use seachange_schema::model::Index;
use seachange_schema::{Name, Object, ObjectId};
use serde::Deserialize;

use super::assembly::{Address, Assembly, class};

#[derive(Deserialize)]
struct Row {
    oid: u32,
    name: Name,
    table: Name,
    unique: bool,
    definition: String,
    parent: Option<Name>,
    valid: bool,
    comment: Option<String>,
}

pub(super) fn assemble(answer: &str, into: &mut Assembly) -> Result<(), serde_json::Error> {
    for row in serde_json::from_str::<Vec<Row>>(answer)? {
        into.add(
            Address::whole(class::RELATION, row.oid),
            ObjectId::Index { name: row.name },
            Object::Index(Index {
                table: row.table,
                unique: row.unique,
                definition: after_using(&row.definition).to_owned(),
                parent: row.parent,
                valid: row.valid,
                comment: row.comment,
            }),
        );
    }
    Ok(())
}

/// What follows the keyword USING of `CREATE INDEX name ON table USING method (…)`.
///
/// A name with a space in it is always quoted, so the keyword is the first one outside quotes.
fn after_using(definition: &str) -> &str {
    const KEYWORD: &str = " USING ";
    let mut quoted = false;
    for (at, character) in definition.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ' ' if !quoted => {
                if let Some(rest) = definition[at..].strip_prefix(KEYWORD) {
                    return rest;
                }
            }
            _ => {}
        }
    }
    definition
}

#[cfg(test)]
mod tests {
    use super::after_using;

    #[test]
    fn the_keyword_is_found_outside_quotes() {
        let check = |definition: &str| after_using(definition).to_owned();
        assert_eq!(
            check("CREATE INDEX i ON public.t USING btree (a)"),
            "btree (a)"
        );
        assert_eq!(
            check(
                r#"CREATE UNIQUE INDEX "a USING b" ON ONLY "s USING """."t"" USING x" USING gin ("c USING d")"#
            ),
            r#"gin ("c USING d")"#
        );
    }
}
