//! The text of a migration's files: each is rendered by one function, so that a file which does
//! nothing of its own can be told from one that somebody changed.

use crate::migrations::Replaced;
use crate::migrations::lock::parse_replaced;

/// The line in the header of an SQL file that has it run outside a transaction.
pub const NO_TRANSACTION: &str = "-- seachange: no-transaction";

/// The line in the header of `up.sql` that holds a migration back until nothing needs what it takes away.
pub const CONTRACT: &str = "-- seachange: contract";

/// What stands in the header of an SQL file before each migration that was folded into it: its version
/// and the hash of its files follow.
const REPLACES: &str = "-- seachange: replaces ";

/// `src/lib.rs` of a migration package without migrations.
pub const LIB_RS: &str = "\
//! The migrations of this database, in the order in which they are applied.

pub use sea_orm_migration::prelude::*;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![]
    }
}
";

/// `src/main.rs` of a migration package.
pub const MAIN_RS: &str = "\
//! Applies the migrations: `migration up`, `down`, `status`. What production runs.

use std::process::ExitCode;

fn main() -> ExitCode {
    seachange::runner::main::<migration::Migrator>(include_str!(\"../seachange.lock\"))
}
";

/// Whether SQL asks, in the comments before its first statement, for nothing but a transaction.
pub fn in_transaction(sql: &str) -> bool {
    !says(sql, NO_TRANSACTION)
}

/// Whether SQL asks, in the comments before its first statement, to be held back.
pub fn is_contract(up: &str) -> bool {
    says(up, CONTRACT)
}

/// The migrations that were folded into this SQL, by its header. A line that can't be read is none.
pub fn replaces(sql: &str) -> Vec<Replaced> {
    header(sql)
        .filter_map(|line| parse_replaced(line.strip_prefix(REPLACES)?))
        .collect()
}

/// The header's line for such a migration.
pub(super) fn replaces_line(one: &Replaced) -> String {
    format!("{REPLACES}{} {}\n", one.version, one.files)
}

fn says(sql: &str, what: &str) -> bool {
    header(sql).any(|line| line == what)
}

fn header(sql: &str) -> impl Iterator<Item = &str> {
    sql.lines()
        .map(str::trim)
        .take_while(|line| line.is_empty() || line.starts_with("--"))
}

/// Whether an `.rs` does nothing but run `up.sql` and `down.sql`; its `//!` lines are free.
pub fn is_canonical(version: &str, rs: &str) -> bool {
    let rs = rs.replace("\r\n", "\n");
    let mut body = rs.as_str();
    while body.starts_with("//!") {
        body = body.split_once('\n').map_or("", |(_, rest)| rest);
    }
    [true, false]
        .into_iter()
        .any(|in_transaction| body == sql_body(version, in_transaction))
}

/// What the `//!` lines at the top of an `.rs` say first.
pub(super) fn about(rs: &str) -> Option<&str> {
    let line = rs.lines().next()?.strip_prefix("//!")?.trim();
    (!line.is_empty()).then_some(line)
}

/// The `.rs` of a migration in SQL.
pub(super) fn sql_rs(version: &str, about: &str, up: &str, down: &str) -> String {
    let in_transaction = in_transaction(up) && in_transaction(down);
    format!("{}{}", doc(about), sql_body(version, in_transaction))
}

/// The `.rs` of a migration in Rust, still without a deed.
pub(super) fn empty_rs(about: &str) -> String {
    format!(
        "{}\
//!
//! A migration in Rust, for what SQL alone can't do, such as a backfill. It runs in one transaction with
//! the record of it. It must not use the application's entities: they will change, this must not.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {{
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        // For example: `connection.execute_unprepared(\"UPDATE …\").await?;`
        let _connection = manager.get_connection();
        Ok(())
    }}

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        // Undo what `up` did. Where nothing needs to be undone, leave it so.
        let _connection = manager.get_connection();
        Ok(())
    }}
}}
",
        doc(about)
    )
}

/// An SQL file that has only its header yet.
pub(super) fn empty_sql(about: &str, direction: &str, in_transaction: bool) -> String {
    match in_transaction {
        true => format!(
            "-- {about}\n-- {direction} Statements end with a semicolon and run in one transaction;\n-- for one that can't, such as CREATE INDEX CONCURRENTLY, write it with `generate --empty --no-transaction`.\n"
        ),
        false => format!(
            "-- {about}\n{NO_TRANSACTION}\n-- {direction} Statements end with a semicolon, and are committed one by one.\n"
        ),
    }
}

/// `add_phone_number` as a sentence, for a migration that nobody described.
pub(super) fn about_from(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words.push('.');
    words
}

fn doc(about: &str) -> String {
    about
        .trim()
        .lines()
        .map(|line| format!("//! {}", line.trim()).trim_end().to_owned() + "\n")
        .collect()
}

fn sql_body(version: &str, in_transaction: bool) -> String {
    let no_transaction = if in_transaction {
        ""
    } else {
        "
    fn use_transaction(&self) -> Option<bool> {
        Some(false)
    }
"
    };
    format!(
        "
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {{
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        seachange::sql_file!(manager, \"{version}/up.sql\").await
    }}

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {{
        seachange::sql_file!(manager, \"{version}/down.sql\").await
    }}
{no_transaction}}}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "m20260101_000000_a";

    #[test]
    fn knows_its_own_hand() {
        let rs = sql_rs(VERSION, "Adds a.\n\nAnd more.", "SELECT 1;", "SELECT 2;");
        assert!(rs.starts_with("//! Adds a.\n//!\n//! And more.\n\nuse "));
        assert!(!rs.contains("use_transaction"));
        assert!(is_canonical(VERSION, &rs));
        assert!(is_canonical(VERSION, &rs.replace('\n', "\r\n")));
        assert!(!is_canonical("m20260101_000000_b", &rs));
        assert!(!is_canonical(VERSION, &rs.replace("up.sql", "other.sql")));
        assert_eq!(about(&rs), Some("Adds a."));
    }

    #[test]
    fn the_header_takes_it_out_of_the_transaction() {
        let up = format!(
            "-- Adds an index.\n\n{NO_TRANSACTION}\nCREATE INDEX CONCURRENTLY i ON t (a);\n"
        );
        assert!(!in_transaction(&up));
        assert!(in_transaction(&format!("SELECT 1;\n{NO_TRANSACTION}\n")));
        for wanted in [true, false] {
            assert_eq!(in_transaction(&empty_sql("x", "y", wanted)), wanted);
        }
        let rs = sql_rs(VERSION, "x", &up, "");
        assert!(rs.contains("Some(false)"));
        assert!(is_canonical(VERSION, &rs));
    }

    #[test]
    fn a_name_reads_as_a_sentence() {
        assert_eq!(about_from("add_phone_number"), "Add phone number.");
    }
}
