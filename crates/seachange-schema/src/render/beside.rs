//! A column beside the one whose place it takes later, and what keeps it in step until then.

use super::Work;
use super::column::{default_of, settings};
use super::comment::comment_on;
use crate::change::Fill;
use crate::model::{Column, Object, ObjectId, Schema};
use crate::name::{Ident, Name};
use crate::plan::HazardCode;

/// Adds a column without its default and without NOT NULL, but with all else.
pub(crate) fn added_beside(table: &Name, name: &Ident, column: &Column) -> Vec<String> {
    let collation = (column.collation.iter()).map(|collation| format!(" COLLATE {collation}"));
    let collation: String = collation.collect();
    let data_type = &column.data_type;
    let mut statements = vec![format!(
        "ALTER TABLE {table} ADD COLUMN {name} {data_type}{collation}"
    )];
    statements.extend(settings(table, name, column));
    let id = ObjectId::Column {
        table: table.clone(),
        name: name.clone(),
    };
    statements.extend(
        (column.comment.as_deref())
            .map(|text| comment_on(&id, &Object::Column(column.clone()), Some(text))),
    );
    statements
}

/// Adds a column and fills it from the table's others.
pub(super) fn filled(
    table: &Name,
    name: &Ident,
    column: &Column,
    fill: &Fill,
    schema: &Schema,
) -> Work {
    let mut work = Work {
        statements: added_beside(
            table,
            name,
            &Column {
                comment: None,
                ..column.clone()
            },
        ),
        ..Work::default()
    };
    let alter = |what: &str| format!("ALTER TABLE {table} ALTER COLUMN {name} {what}");
    if let Some(default) = default_of(schema, table, name) {
        work.add(alter(&format!("SET DEFAULT {}", default.expression)));
    }
    work.add(fill_rows(table, name, &fill.expression));
    let subject = format!("{}.{}", table.plain(), name.as_str());
    work.risk(
        HazardCode::RewritesTable,
        subject.clone(),
        format!(
            "writes every row of {}, which stays locked meanwhile",
            table.plain()
        ),
        "",
    );
    if column.not_null {
        work.add(alter("SET NOT NULL"));
        work.risk(
            HazardCode::MayFail,
            subject,
            format!(
                "fails, and changes nothing, if `{}` is NULL for a row",
                fill.expression
            ),
            "",
        );
    }
    work
}

/// The statement that gives every row that has none its value.
pub(crate) fn fill_rows(table: &Name, name: &Ident, expression: &str) -> String {
    format!(
        "UPDATE {table} SET {name} = {expression} WHERE {name} IS NULL AND ({expression}) IS NOT NULL"
    )
}

/// Whoever writes a row, its values are read as the migration reads those that are there.
const SETTINGS: &str = "SET search_path = public SET timezone FROM CURRENT SET datestyle FROM CURRENT SET intervalstyle FROM CURRENT";

/// A function and a trigger of one name that run `body`, statements of PL/pgSQL, for every row that is written
/// (PostgreSQL manual, "Overview of Trigger Behavior": those of one kind fire in the order of their names, so this one
/// sees what the others have made of the row).
pub(crate) fn kept_in_step(table: &Name, name: &Ident, body: &str) -> [String; 2] {
    let function = table.sibling(name);
    let tag = match body.contains("$$") {
        true => "$seachange$",
        false => "$$",
    };
    [
        format!(
            "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql {SETTINGS} AS {tag} BEGIN {body} RETURN NEW; END {tag}"
        ),
        format!(
            "CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        ),
    ]
}

/// Takes them away again.
pub(crate) fn kept_no_longer(table: &Name, name: &Ident) -> [String; 2] {
    [
        format!("DROP TRIGGER {name} ON {table}"),
        format!("DROP FUNCTION {}()", table.sibling(name)),
    ]
}
