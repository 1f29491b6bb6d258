//! Names for keys: plain ones first, then such as people get wrong.

use seachange_schema::{Ident, Name};

use super::world::Key;

const SCHEMAS: [&str; 4] = ["public", "app", "Odd \"s\"", "select"];
const TABLES: [&str; 5] = [
    "users",
    "orders",
    "Order Items",
    "na\u{ef}ve \"q\" 'x'",
    "a_name_of_sixty_three_bytes_as_long_as_postgresql_lets_it_be_ok",
];
const COLUMNS: [&str; 6] = ["id", "name", "Kind", "order", "total $1", "caf\u{e9} \"x\""];
const TYPES: [&str; 6] = ["mood", "email", "Address", "status", "Odd \"t\"", "level"];
const FUNCTIONS: [&str; 4] = ["calc", "norm", "Audit Row", "pick"];
const VIEWS: [&str; 5] = [
    "active",
    "report",
    "Summary \"v\"",
    "recent",
    "another_name_of_sixty_three_bytes_that_is_cut_when_derived_from",
];
const SEQUENCES: [&str; 3] = ["counter", "Ticket", "users_id_seq"];
const LABELS: [&str; 6] = ["low", "mid", "high", "It's", "users", "a, \"b\\c\""];

fn of(names: &[&str], key: Key) -> Ident {
    Ident::new(names[usize::from(key) % names.len()])
}

pub(super) fn schema(key: Key) -> Ident {
    of(&SCHEMAS, key)
}

fn qualified(schema: Key, name: Ident) -> String {
    Name {
        schema: self::schema(schema),
        name,
    }
    .to_string()
}

pub(super) fn table(schema: Key, key: Key) -> String {
    qualified(schema, of(&TABLES, key))
}

pub(super) fn column(key: Key) -> String {
    of(&COLUMNS, key).to_string()
}

pub(super) fn data_type(schema: Key, key: Key) -> String {
    qualified(schema, of(&TYPES, key))
}

/// Two keys share a name: overloads.
pub(super) fn function(schema: Key, key: Key) -> String {
    qualified(schema, of(&FUNCTIONS, key / 2))
}

pub(super) fn view(schema: Key, key: Key) -> String {
    qualified(schema, of(&VIEWS, key))
}

pub(super) fn sequence(schema: Key, key: Key) -> String {
    qualified(schema, of(&SEQUENCES, key))
}

pub(super) fn label(key: u8) -> &'static str {
    LABELS[usize::from(key) % LABELS.len()]
}

/// The name of a table's part.
pub(super) fn part(kind: &str, table: Key, key: Key) -> String {
    let text = match key {
        0 | 1 => format!("{kind}_{table}_{key}"),
        2 => format!("{kind} {table} \"{key}\""),
        _ => format!("{kind}_{table}_{key}_{}", "x".repeat(48)),
    };
    Ident::new(text).to_string()
}

pub(super) fn remark(text: u8) -> &'static str {
    ["what it is for", "it's \\ odd", "two\nlines"][usize::from(text) % 3]
}
