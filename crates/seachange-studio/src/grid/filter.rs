//! Which rows: a column, what is asked of it, and a value that never becomes part of the SQL.

use crate::answer::Refusal;
use crate::data::{Column, Editor};

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    pub(crate) column: Column,
    pub(crate) operator: Operator,
    /// Two for [`Operator::Between`], any number for [`Operator::Among`], none where none is asked, else one.
    pub(crate) values: Vec<String>,
}

macro_rules! operators {
    ($($name:ident = $word:literal, $shown:literal;)*) => {
        /// What is asked of a column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Operator { $($name,)* }

        impl Operator {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// As an address says it.
            pub(crate) fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// As people read it.
            pub(crate) fn shown(self) -> &'static str {
                match self { $(Self::$name => $shown,)* }
            }
        }
    };
}

operators! {
    Is = "is", "is";
    IsNot = "not", "is not";
    Less = "lt", "<";
    AtMost = "le", "≤";
    More = "gt", ">";
    AtLeast = "ge", "≥";
    Between = "between", "between";
    Among = "in", "is one of";
    Contains = "contains", "contains";
    Begins = "begins", "begins with";
    Matches = "matches", "matches (regular expression)";
    Has = "has", "has the element";
    Path = "path", "has the JSON path";
    Holds = "holds", "holds the JSON";
    Null = "null", "is NULL";
    NotNull = "notnull", "is not NULL";
}

impl Operator {
    pub(crate) fn read(word: &str) -> Result<Self, Refusal> {
        let found = Self::ALL.iter().find(|it| it.word() == word);
        found.copied().ok_or_else(|| {
            Refusal::bad(format!("`{word}` is nothing that can be asked of a column"))
        })
    }

    /// What can be asked of a column, the likeliest first.
    pub(crate) fn of(column: &Column) -> Vec<Self> {
        use Operator::*;
        let mut all = match column.editor {
            Editor::Text => vec![Contains, Is, IsNot, Begins, Matches],
            Editor::Number | Editor::Date | Editor::Time | Editor::Timestamp => {
                vec![Is, IsNot, Less, AtMost, More, AtLeast, Between]
            }
            Editor::Enum => vec![Among, IsNot],
            Editor::Boolean | Editor::Uuid => vec![Is, IsNot],
            Editor::Json => vec![Path, Holds, Contains],
            Editor::Array => vec![Has, Is],
            Editor::Bytes => vec![Is],
            Editor::Other => vec![Contains, Is],
        };
        all.push(Null);
        all.push(NotNull);
        all
    }

    pub(crate) fn takes_a_value(self) -> bool {
        !matches!(self, Self::Null | Self::NotNull)
    }
}

impl Filter {
    pub(crate) fn new(column: Column, operator: Operator, values: Vec<String>) -> Self {
        let values = match operator.takes_a_value() {
            true => values,
            false => Vec::new(),
        };
        Self {
            column,
            operator,
            values,
        }
    }

    /// `["column","operator","value",…]`: no character of a name or value can be mistaken.
    pub(super) fn read(
        text: &str,
        named: impl Fn(&str) -> Result<Column, Refusal>,
    ) -> Result<Self, Refusal> {
        let parts: Vec<String> = serde_json::from_str(text).unwrap_or_default();
        match parts.as_slice() {
            [column, operator, values @ ..] => Ok(Self::new(
                named(column)?,
                Operator::read(operator)?,
                values.to_vec(),
            )),
            _ => Err(Refusal::bad("a filter of this address cannot be read")
                .help("it reads `[\"column\",\"operator\",\"value\"]`")),
        }
    }

    pub(super) fn write(&self) -> String {
        let head = [self.column.name.as_str(), self.operator.word()];
        let parts: Vec<&str> = head
            .into_iter()
            .chain(self.values.iter().map(String::as_str))
            .collect();
        serde_json::json!(parts).to_string()
    }

    /// The condition; `parameter` takes a value, and gives what stands for it.
    pub(super) fn sql(&self, mut parameter: impl FnMut(&str) -> String) -> Result<String, Refusal> {
        let Column {
            name, type_name, ..
        } = &self.column;
        let mut typed = |value: &String| format!("{}::{type_name}", parameter(value));
        let of_two = match self.operator {
            Operator::Is if self.column.editor == Editor::Json => {
                return self
                    .one()
                    .map(|value| format!("{name}::text = {}", parameter(value)));
            }
            Operator::Is => "=",
            Operator::IsNot => "IS DISTINCT FROM",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::More => ">",
            Operator::AtLeast => ">=",
            Operator::Between => {
                let [from, upto] = self.values.as_slice() else {
                    return Err(self.lacks());
                };
                return Ok(format!(
                    "{name} BETWEEN {} AND {}",
                    typed(from),
                    typed(upto)
                ));
            }
            Operator::Among => {
                let values: Vec<String> = self.values.iter().map(typed).collect();
                return match values.is_empty() {
                    true => Err(self.lacks()),
                    false => Ok(format!("{name} IN ({})", values.join(", "))),
                };
            }
            Operator::Contains | Operator::Begins => {
                let mut pattern = like(self.one()?);
                if self.operator == Operator::Contains {
                    pattern.insert(0, '%');
                }
                return Ok(format!("{name}::text ILIKE {}", parameter(&pattern)));
            }
            Operator::Matches => {
                return Ok(format!("{name}::text ~ {}", parameter(self.one()?)));
            }
            Operator::Has => {
                let one = self.one()?;
                return Ok(format!("{} = ANY ({name}::text[])", parameter(one)));
            }
            Operator::Path => {
                let path = parameter(self.one()?);
                return Ok(format!("{name}::jsonb @? {path}::pg_catalog.jsonpath"));
            }
            Operator::Holds => {
                let value = parameter(self.one()?);
                return Ok(format!("{name}::jsonb @> {value}::pg_catalog.jsonb"));
            }
            Operator::Null => return Ok(format!("{name} IS NULL")),
            Operator::NotNull => return Ok(format!("{name} IS NOT NULL")),
        };
        Ok(format!("{name} {of_two} {}", typed(self.one()?)))
    }

    fn one(&self) -> Result<&String, Refusal> {
        self.values.first().ok_or_else(|| self.lacks())
    }

    fn lacks(&self) -> Refusal {
        let name = self.column.name.as_str();
        Refusal::bad(format!("the filter of `{name}` lacks a value"))
    }
}

/// A pattern that begins with the text: what LIKE takes for a sign is escaped.
fn like(text: &str) -> String {
    let mut pattern = String::new();
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}
