//! `lib.rs` files as people leave them, before and after.

use super::*;
use crate::migrations::LIB_RS;

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";

/// SeaORM's template, as sea-orm-cli writes it: one line.
const SEA_ORM: &str = "\
pub use sea_orm_migration::prelude::*;

mod m20220101_000001_create_table;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(m20220101_000001_create_table::Migration)]
    }
}
";

#[test]
fn from_nothing_one_by_one() {
    assert_eq!(registered(LIB_RS), Ok(vec![]));
    let one = register(LIB_RS, A).unwrap();
    let two = register(&one, B).unwrap();
    assert_eq!(
        two,
        "\
//! The migrations of this database, in the order in which they are applied.

pub use sea_orm_migration::prelude::*;

mod m20260101_000000_a;
mod m20260102_000000_b;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20260101_000000_a::Migration),
            Box::new(m20260102_000000_b::Migration),
        ]
    }
}
"
    );
    assert_eq!(registered(&two), Ok(vec![A.to_owned(), B.to_owned()]));
}

#[test]
fn seaorms_own_template() {
    let one = register(SEA_ORM, A).unwrap();
    assert!(
        one.contains("mod m20220101_000001_create_table;\nmod m20260101_000000_a;\n\npub struct")
    );
    assert!(one.contains(
        "        vec![
            Box::new(m20220101_000001_create_table::Migration),
            Box::new(m20260101_000000_a::Migration),
        ]
    }"
    ));
}

#[test]
fn comments_and_the_missing_comma_stay() {
    let source = format!(
        "use sea_orm_migration::prelude::*;
mod {A}; // the first
// about c
mod {C};
struct M;
impl MigratorTrait for M {{
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {{
        vec![
            // what we began with
            Box::new({A}::Migration), // never touch, it says
            Box::new({C}::Migration) // no comma
        ]
    }}
}}
"
    );
    let middle = register(&source, B).unwrap();
    assert!(middle.contains(&format!(
        "mod {A}; // the first\nmod {B};\n// about c\nmod {C};"
    )));
    assert!(middle.contains(&format!(
        "Box::new({A}::Migration), // never touch, it says\n            Box::new({B}::Migration),\n            Box::new({C}"
    )));
    let last = "m20260104_000000_d";
    let end = register(&middle, last).unwrap();
    assert!(end.contains(&format!(
        "Box::new({C}::Migration),\n            Box::new({last}::Migration) // no comma"
    )));
    let first = register(&source, "m20250101_000000_z").unwrap();
    assert!(first.contains(
        "vec![\n            Box::new(m20250101_000000_z::Migration),\n            // what"
    ));
    assert!(first.contains(&format!("mod m20250101_000000_z;\nmod {A};")));
}

#[test]
fn a_file_with_carriage_returns() {
    let source = register(LIB_RS, A).unwrap().replace('\n', "\r\n");
    let two = register(&source, B).unwrap();
    assert_eq!(registered(&two), Ok(vec![A.to_owned(), B.to_owned()]));
    assert!(!two.contains("\r\r"));
}

#[test]
fn another_shape_is_named_and_left_alone() {
    for (source, why) in [
        ("fn main() {}", "no `impl MigratorTrait"),
        ("fn main( {}", "line 1"),
        (
            "impl MigratorTrait for M { fn migrations() -> V { let mut v = vec![]; v.push(1); v } }",
            "more than one",
        ),
        (
            "impl MigratorTrait for M { fn migrations() -> V { list![] } }",
            "not a `vec!",
        ),
        (
            "impl MigratorTrait for M { fn migrations() -> V { vec![boxed(m1)] } }",
            "something else",
        ),
        (
            "impl MigratorTrait for M { fn migrations() -> V { vec![Box::new(m20260101_000000_a::Migration)] } }",
            "has no `mod",
        ),
    ] {
        let error = register(source, A).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
}

/// What git leaves when two branches added to the same lines.
#[test]
fn both_sides_of_a_merge_in_order() {
    let start = register(LIB_RS, A).unwrap();
    let merged = register(&register(&start, B).unwrap(), C).unwrap();
    let conflicted = start
        .replace(
            "mod m20260101_000000_a;\n",
            "mod m20260101_000000_a;\n<<<<<<< HEAD\nmod m20260103_000000_c;\n||||||| base\n\
             =======\nmod m20260102_000000_b;\n>>>>>>> theirs\n",
        )
        .replace(
            "            Box::new(m20260101_000000_a::Migration),\n",
            "            Box::new(m20260101_000000_a::Migration),\n<<<<<<< HEAD\n            \
             Box::new(m20260103_000000_c::Migration),\n||||||| base\n=======\n            \
             Box::new(m20260102_000000_b::Migration),\n>>>>>>> theirs\n",
        );
    assert!(conflicted.contains("<<<<<<<") && registered(&conflicted).is_err());
    let versions = [A, B, C].map(str::to_owned);
    assert_eq!(in_order(&conflicted, &versions), Ok(merged.clone()));
    // One side alone, as after `git checkout --ours`; and nothing to do.
    let ours = register(&start, C).unwrap();
    assert_eq!(in_order(&ours, &versions), Ok(merged.clone()));
    assert_eq!(in_order(&merged, &versions), Ok(merged.clone()));
    // A file that is gone is not taken out in silence.
    assert!(in_order(&merged, &versions[..2]).is_err());
}
