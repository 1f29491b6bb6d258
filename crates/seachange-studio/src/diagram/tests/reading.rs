//! What a diagram says of a schema: short types, ends of lines, partitions left out.

use std::collections::BTreeMap;

use seachange_schema::model::{self, ConstraintKind, Persistence};
use seachange_schema::{Ident, Name, Object, ObjectId, Schema};

use super::super::graph::End;
use super::super::{diagram, draw, mermaid};
use super::check;

#[test]
fn types_are_short() {
    let schema = Built::default().table(&Name::public("a"), &["b"]).0;
    for (long, expected) in [
        ("timestamp(3) with time zone", "timestamptz(3)"),
        ("timestamp without time zone[]", "timestamp[]"),
        ("time with time zone", "timetz"),
        ("character varying(10)[]", "varchar(10)[]"),
        ("timesheet", "timesheet"),
        ("\"time x\"", "\"time x\""),
    ] {
        let mut schema = schema.clone();
        for object in schema.objects.values_mut() {
            if let Object::Column(column) = object {
                column.data_type = long.to_owned();
            }
        }
        assert_eq!(diagram(&schema).tables[0].columns[0].data_type, expected);
    }
}

/// A schema by hand, of tables with columns (`!` is NOT NULL) and constraints.
#[derive(Default)]
struct Built(Schema);

impl Built {
    fn table(mut self, name: &Name, columns: &[&str]) -> Self {
        let table = model::Table {
            persistence: Persistence::Permanent,
            parameters: Vec::new(),
            partition_by: None,
            partition_of: None,
            inherits: Vec::new(),
            row_security: false,
            force_row_security: false,
            comment: None,
        };
        let id = ObjectId::Table { name: name.clone() };
        self.0.objects.insert(id, Object::Table(table));
        for (at, column) in columns.iter().enumerate() {
            let id = ObjectId::Column {
                table: name.clone(),
                name: Ident::new(column.trim_end_matches('!')),
            };
            let column = model::Column {
                position: at as u32 + 1,
                data_type: "integer".to_owned(),
                collation: None,
                not_null: column.ends_with('!'),
                identity: None,
                storage: None,
                statistics: None,
                compression: None,
                options: Vec::new(),
                local: true,
                comment: None,
            };
            self.0.objects.insert(id, Object::Column(column));
        }
        self
    }

    fn constraint(
        mut self,
        table: &str,
        kind: ConstraintKind,
        columns: &[&str],
        references: Option<(&str, &str)>,
    ) -> Self {
        let id = ObjectId::Constraint {
            table: Name::public(table),
            name: Ident::new(format!("{table}_{}_{kind:?}", columns.join("_"))),
        };
        let listed = columns.join(", ");
        let constraint = model::Constraint {
            kind,
            definition: match references {
                Some((parent, theirs)) => {
                    format!("FOREIGN KEY ({listed}) REFERENCES {parent}({theirs})")
                }
                None => format!("UNIQUE ({listed})"),
            },
            columns: columns.iter().map(|it| Ident::new(*it)).collect(),
            references: references.map(|(parent, _)| Name::public(parent)),
            validated: true,
            local: true,
            comment: None,
        };
        self.0.objects.insert(id, Object::Constraint(constraint));
        self
    }

    fn index(mut self, table: &str, definition: &str) -> Self {
        let name = Name::public(format!("{table}_index"));
        let index = model::Index {
            table: Name::public(table),
            unique: true,
            definition: definition.to_owned(),
            parent: None,
            valid: true,
            comment: None,
        };
        let id = ObjectId::Index { name };
        self.0.objects.insert(id, Object::Index(index));
        self
    }
}

#[test]
fn ends_follow_from_what_is_unique_and_what_can_be_null() {
    use ConstraintKind::{ForeignKey, PrimaryKey, Unique};
    let schema = Built::default()
        .table(&Name::public("people"), &["id!"])
        .constraint("people", PrimaryKey, &["id"], None)
        .table(&Name::public("orders"), &["id!", "buyer!", "seller"])
        .constraint("orders", ForeignKey, &["buyer"], Some(("people", "id")))
        .constraint("orders", ForeignKey, &["seller"], Some(("people", "id")))
        .table(&Name::public("profiles"), &["person!"])
        .constraint("profiles", PrimaryKey, &["person"], None)
        .constraint("profiles", ForeignKey, &["person"], Some(("people", "id")))
        .table(&Name::public("seats"), &["person", "row!"])
        .constraint("seats", Unique, &["person", "row"], None)
        .constraint("seats", ForeignKey, &["person"], Some(("people", "id")))
        .table(&Name::public("lockers"), &["person"])
        .index("lockers", "btree (person DESC)")
        .constraint("lockers", ForeignKey, &["person"], Some(("people", "id")))
        .table(&Name::public("guests"), &["person"])
        .index("guests", "btree (person) WHERE (person > 3)")
        .constraint("guests", ForeignKey, &["person"], Some(("people", "id")))
        .0;
    let drawn = diagram(&schema);
    let found: BTreeMap<String, (End, End)> = (drawn.edges.iter())
        .map(|it| {
            let table = &drawn.tables[it.child];
            let name = format!("{}.{}", table.name.plain(), table.named(&it.child_columns));
            (name, (it.at_child, it.at_parent))
        })
        .collect();
    let expected = [
        ("orders.buyer", (End::Many, End::One)),
        ("orders.seller", (End::Many, End::ZeroOrOne)),
        ("profiles.person", (End::ZeroOrOne, End::One)),
        ("seats.person", (End::Many, End::ZeroOrOne)),
        ("lockers.person", (End::ZeroOrOne, End::ZeroOrOne)),
        ("guests.person", (End::Many, End::ZeroOrOne)),
    ];
    let expected = expected.map(|(name, ends)| (name.to_owned(), ends));
    assert_eq!(found, BTreeMap::from(expected));
    let drawing = draw(&drawn);
    check(&drawn, &drawing);
    let text = mermaid(&drawn);
    assert!(
        text.contains("\"people\" ||--o{ \"orders\" : \"buyer\""),
        "{text}"
    );
    assert!(
        text.contains("\"people\" ||--o| \"profiles\" : \"person\""),
        "{text}"
    );
    assert!(
        text.contains("\"people\" |o--o{ \"seats\" : \"person\""),
        "{text}"
    );
}

#[test]
fn a_partition_is_not_drawn_and_what_points_at_it_points_at_its_table() {
    let partition = Name::public("events_2026");
    let mut schema = Built::default()
        .table(&Name::public("events"), &["id!"])
        .table(&partition, &["id!"])
        .table(&Name::public("notes"), &["event!"])
        .constraint(
            "notes",
            ConstraintKind::ForeignKey,
            &["event"],
            Some(("events_2026", "id")),
        )
        .0;
    let id = ObjectId::Table { name: partition };
    let Some(Object::Table(table)) = schema.objects.get_mut(&id) else {
        panic!("the table is there");
    };
    table.partition_of = Some(model::Partition {
        parent: Name::public("events"),
        bound: "DEFAULT".to_owned(),
    });
    let drawn = diagram(&schema);
    let names: Vec<String> = drawn.tables.iter().map(|it| it.name.plain()).collect();
    assert_eq!(names, ["events", "notes"]);
    assert_eq!((drawn.edges[0].child, drawn.edges[0].parent), (1, 0));
}
