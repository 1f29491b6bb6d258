//! Hints: what they mean, and what is said of those that mean nothing.

use super::{Hint, Rename, resolve};
use crate::change::Direction;
use crate::diff::diff;
use crate::model::{Column, Enum, Object, ObjectId, Persistence, Schema, Table};
use crate::name::{Ident, Name};
use crate::plan::plan;

fn schema(columns: &[&str], labels: &[&str]) -> Schema {
    let mut schema = Schema::default();
    let users = Name::public("users");
    schema.objects.insert(
        ObjectId::Table {
            name: users.clone(),
        },
        Object::Table(Table {
            persistence: Persistence::Permanent,
            parameters: Vec::new(),
            partition_by: None,
            partition_of: None,
            inherits: Vec::new(),
            row_security: false,
            force_row_security: false,
            comment: None,
        }),
    );
    for (position, name) in (1..).zip(columns) {
        schema.objects.insert(
            ObjectId::Column {
                table: users.clone(),
                name: Ident::new(*name),
            },
            Object::Column(Column {
                position,
                data_type: "text".to_owned(),
                collation: None,
                not_null: false,
                identity: None,
                storage: None,
                statistics: None,
                compression: None,
                options: Vec::new(),
                local: true,
                comment: None,
            }),
        );
    }
    schema.objects.insert(
        ObjectId::Type {
            name: Name::public("role"),
        },
        Object::Enum(Enum {
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            comment: None,
        }),
    );
    schema
}

fn resolved(hint: &str) -> Result<String, String> {
    let previous = schema(&["id", "name", "nick"], &["a", "b"]);
    let next = schema(&["id", "full_name", "nick"], &["a", "c"]);
    let hint: Hint = hint
        .parse()
        .map_err(|error: super::HintError| error.to_string())?;
    resolve(&previous, &next, &hint, &[])
        .map(|rename| rename.sql())
        .map_err(|error| error.to_string())
}

#[test]
fn a_hint_finds_what_it_means() {
    assert_eq!(
        resolved("users.name:full_name").unwrap(),
        r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name""#
    );
    assert_eq!(
        resolved("public.users.name:users.full_name").unwrap(),
        r#"ALTER TABLE "users" RENAME COLUMN "name" TO "full_name""#
    );
    assert_eq!(
        resolved("role.b:c").unwrap(),
        r#"ALTER TYPE "role" RENAME VALUE 'b' TO 'c'"#
    );
}

#[test]
fn a_hint_that_means_nothing_says_why() {
    for (hint, why) in [
        (
            "users.nmae:full_name",
            "nothing is called `users.nmae` before",
        ),
        ("users.nick:full_name", "`users.nick` is still declared"),
        (
            "users.name:fullname",
            "nothing of that kind is called `fullname`",
        ),
        ("users.name", "not a rename of the form `old:new`"),
        (":x", "not a rename of the form `old:new`"),
        ("a.b.c.d:x", "not a rename of the form `old:new`"),
    ] {
        let error = resolved(hint).unwrap_err();
        assert!(error.contains(why), "{hint}: {error}");
    }
}

#[test]
fn the_way_back_of_the_way_back_is_the_way() {
    let rename = Rename::Label {
        of: Name::public("role"),
        from: "b".to_owned(),
        to: "c".to_owned(),
    };
    let previous = schema(&["id", "name"], &["a", "c"]);
    let next = schema(&["id", "email"], &["a", "c"]);
    let changes = diff(previous, next, vec![rename]);
    let back = changes.clone().reverse();
    assert_eq!(back.direction, Direction::Down);
    assert_eq!(back.clone().reverse(), changes);
    let words = |changes| -> Vec<String> {
        plan(changes)
            .steps()
            .map(|step| format!("{} {}", step.verb.sign(), step.summary))
            .collect()
    };
    assert_eq!(
        words(&changes),
        [
            "~ label role.b to c",
            "+ column users.email text",
            "- column users.name text"
        ]
    );
    assert_eq!(
        words(&back),
        [
            "+ column users.name text",
            "- column users.email text",
            "~ label role.c to b"
        ]
    );
}
