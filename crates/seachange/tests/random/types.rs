//! How types read as SQL, and values of them.

use seachange_schema::name::literal;

use super::names;
use super::world::{Key, Shape, Type, World};

const PLAIN: [(&str, [&str; 4]); 20] = [
    ("integer", ["1", "2", "3", "44"]),
    ("bigint", ["1", "2", "3", "5000000000"]),
    ("text", ["'a'", "'b c'", "'It''s'", "''"]),
    ("smallint", ["1", "2", "3", "44"]),
    ("character varying(20)", ["'a'", "'low'", "'mid'", "''"]),
    ("character varying(50)", ["'a'", "'low'", "'mid'", "''"]),
    ("numeric(10,2)", ["1", "2.5", "3.25", "0"]),
    ("numeric", ["1", "2.5", "3.125", "0"]),
    ("boolean", ["true", "false", "true", "false"]),
    (
        "date",
        ["'2026-01-01'", "'2026-02-01'", "'1999-12-31'", "'epoch'"],
    ),
    (
        "timestamp without time zone",
        [
            "'2026-01-01 10:00'",
            "'2026-02-01 11:30'",
            "'1999-12-31'",
            "'epoch'",
        ],
    ),
    (
        "timestamp with time zone",
        [
            "'2026-01-01 10:00+00'",
            "'2026-02-01 11:30+02'",
            "now()",
            "CURRENT_TIMESTAMP",
        ],
    ),
    ("jsonb", ["'{}'", "'{\"a\": 1}'", "'[]'", "'null'"]),
    (
        "uuid",
        [
            "'00000000-0000-0000-0000-000000000001'",
            "'00000000-0000-0000-0000-000000000002'",
            "'00000000-0000-0000-0000-000000000003'",
            "gen_random_uuid()",
        ],
    ),
    ("character(3)", ["'a'", "'abc'", "'x'", "''"]),
    ("double precision", ["1", "2.5", "3.25", "0"]),
    ("bytea", ["'\\x01'", "'\\x02'", "'\\x03'", "''"]),
    (
        "inet",
        ["'10.0.0.1'", "'10.0.0.2'", "'10.1.0.0/16'", "'::1'"],
    ),
    ("int4range", ["'[1,2)'", "'[2,5)'", "'[7,9)'", "'empty'"]),
    ("json", ["'{}'", "'{\"a\": 1}'", "'[]'", "'null'"]),
];

pub(super) const INTEGER: Type = Type::Plain(0);
pub(super) const TEXT: Type = Type::Plain(2);
pub(super) const BOOLEAN: Type = Type::Plain(8);

impl World {
    /// The world with types made only of such as come before them.
    pub(super) fn in_order(mut self) -> Self {
        for (key, defined) in &mut self.types {
            let before = |of: &mut Type| match of {
                Type::Own(other) if *other >= *key => *of = Type::Plain(*other),
                Type::ArrayOfOwn(other) if *other >= *key => *of = Type::ArrayOfPlain(*other),
                _ => {}
            };
            match &mut defined.shape {
                Shape::Enum(_) => {}
                Shape::Domain(domain) => before(&mut domain.of),
                Shape::Composite(attributes) => {
                    attributes.iter_mut().for_each(|(_, of)| before(of));
                }
                Shape::Range(of) => before(of),
            }
        }
        self
    }

    /// A type's name; `text` for one that is not there.
    pub(super) fn type_sql(&self, of: &Type) -> String {
        match of {
            Type::Plain(at) => plain(*at).0.to_owned(),
            Type::Own(key) => self.own_sql(*key),
            Type::ArrayOfPlain(at) => format!("{}[]", plain(*at).0),
            Type::ArrayOfOwn(key) => format!("{}[]", self.own_sql(*key)),
        }
    }

    fn own_sql(&self, key: Key) -> String {
        match self.types.get(&key) {
            Some(found) => names::data_type(self.placed(found.schema), key),
            None => "text".to_owned(),
        }
    }

    /// `public` for a schema that is not there.
    pub(super) fn placed(&self, schema: Key) -> Key {
        if self.schemas.contains_key(&schema) {
            schema
        } else {
            0
        }
    }

    /// What lies under domains; `text` for a type that is not there.
    pub(super) fn base(&self, of: &Type) -> Type {
        let mut found = of.clone();
        for _ in 0..4 {
            let Type::Own(key) = &found else { break };
            found = match self.types.get(key).map(|it| &it.shape) {
                Some(Shape::Domain(domain)) => domain.of.clone(),
                Some(_) => break,
                None => TEXT,
            };
        }
        found
    }

    pub(super) fn is_number(&self, of: &Type) -> bool {
        matches!(self.base(of), Type::Plain(0 | 1 | 3 | 6 | 7 | 15))
    }

    pub(super) fn is_text(&self, of: &Type) -> bool {
        matches!(self.base(of), Type::Plain(2 | 4 | 5 | 14))
    }

    pub(super) fn labels(&self, of: &Type) -> Option<Vec<&'static str>> {
        match self.base(of) {
            Type::Own(key) => match &self.types.get(&key)?.shape {
                Shape::Enum(labels) => Some(distinct(labels)),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn attributes(&self, of: &Type) -> Option<&[(Key, Type)]> {
        match self.base(of) {
            Type::Own(key) => match &self.types.get(&key)?.shape {
                Shape::Composite(attributes) => Some(attributes),
                _ => None,
            },
            _ => None,
        }
    }

    /// A value without a cast, where the type can be told from where it stands.
    pub(super) fn value(&self, of: &Type, at: u8) -> String {
        self.value_within(of, at, 3)
    }

    fn value_within(&self, of: &Type, at: u8, depth: u8) -> String {
        if depth == 0 {
            return "NULL".to_owned();
        }
        match of {
            Type::Plain(of) => plain(*of).1[usize::from(at) % 4].to_owned(),
            Type::ArrayOfPlain(of) => self.array(&Type::Plain(*of), at, depth),
            Type::ArrayOfOwn(key) => self.array(&Type::Own(*key), at, depth),
            Type::Own(key) => match self.types.get(key).map(|it| &it.shape) {
                None => plain(2).1[usize::from(at) % 4].to_owned(),
                Some(Shape::Enum(labels)) => {
                    let labels = distinct(labels);
                    literal(labels[usize::from(at) % labels.len()])
                }
                Some(Shape::Domain(domain)) => self.value_within(&domain.of, at, depth - 1),
                Some(Shape::Composite(attributes)) => {
                    let values: Vec<String> = distinct_by_name(attributes)
                        .iter()
                        .map(|(_, of)| self.value_within(of, at, depth - 1))
                        .collect();
                    format!("ROW({})::{}", values.join(", "), self.own_sql(*key))
                }
                Some(Shape::Range(_)) => "'empty'".to_owned(),
            },
        }
    }

    fn array(&self, of: &Type, at: u8, depth: u8) -> String {
        let one = self.value_within(of, at, depth - 1);
        let other = self.value_within(of, at + 1, depth - 1);
        format!("ARRAY[{one}, {other}]::{}[]", self.type_sql(of))
    }

    /// A value with a cast to its type.
    pub(super) fn cast_value(&self, of: &Type, at: u8) -> String {
        format!("{}::{}", self.value(of, at), self.type_sql(of))
    }
}

fn plain(at: u8) -> &'static (&'static str, [&'static str; 4]) {
    &PLAIN[usize::from(at) % PLAIN.len()]
}

/// The labels by name, each once; never none.
pub(super) fn distinct(labels: &[u8]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for label in labels {
        let label = names::label(*label);
        if !found.contains(&label) {
            found.push(label);
        }
    }
    if found.is_empty() {
        found.push("low");
    }
    found
}

pub(super) fn distinct_by_name(attributes: &[(Key, Type)]) -> Vec<&(Key, Type)> {
    let mut found: Vec<&(Key, Type)> = Vec::new();
    for attribute in attributes {
        if found.iter().all(|(name, _)| *name != attribute.0) {
            found.push(attribute);
        }
    }
    found
}
