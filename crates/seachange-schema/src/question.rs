//! What can be asked of the rows before a change is tried: whether NOT NULL, a key, a foreign key, a check or a cast
//! will fail on them.

mod cast;
mod key;

use serde::Serialize;

use crate::change::Changes;
use crate::model::{Column, Constraint, ConstraintKind, Object, ObjectId, Schema};
use crate::name::{Ident, Name};

/// One question, which reads and changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
pub struct Question {
    /// What would fail if the answer is bad.
    pub about: About,
    /// The column, constraint or index: `users.email`.
    pub subject: String,
    /// What would be wrong with the rows that it finds: `NULL in users.email`.
    pub wrong: String,
    /// A query that finds them, a row each: their keys, or what they have in common and how many they are.
    pub sql: String,
    /// Whether no rows are found, but the query itself fails where the change would.
    pub probe: bool,
}

/// What would fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemas", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// A column that may not hold NULL any more.
    NotNull,
    /// A new column that needs a value where there are rows.
    Rows,
    /// A key or a unique index over rows that repeat.
    Unique,
    /// A reference to a row that is not there.
    ForeignKey,
    /// A condition that a row does not meet.
    Check,
    /// A value that the new type does not take.
    Cast,
}

/// All that can be asked before `changes` is tried, and what would have to be asked and can't be, in words.
///
/// Columns are asked for under the names that they have in `changes.previous`.
pub fn questions(changes: &Changes) -> (Vec<Question>, Vec<String>) {
    let mut asked = Vec::new();
    let mut unasked = Vec::new();
    for (id, change) in &changes.changes {
        let Some(next) = &change.next else {
            continue;
        };
        let on = Asking { changes, id };
        match (&change.previous, next) {
            (Some(Object::Column(before)), Object::Column(after)) => {
                on.column(before, after, &mut asked)
            }
            (None, Object::Column(after)) => asked.extend(on.new_column(after)),
            (before, Object::Constraint(key)) => {
                let same = matches!(before, Some(Object::Constraint(before)) if before.definition == key.definition);
                if !same && on.is_on_old_table() {
                    match on.constraint(key) {
                        Some(question) => asked.extend(question),
                        None => unasked.push(format!("{id}: it is about columns that are not there yet, or of a kind that can't be asked for")),
                    }
                }
            }
            (before, Object::Index(index)) if index.unique => {
                let same = matches!(before, Some(Object::Index(before)) if before.definition == index.definition);
                if !same
                    && changes.previous.contains(&ObjectId::Table {
                        name: index.table.clone(),
                    })
                {
                    match on.unique_index(&index.table, &index.definition) {
                        Some(question) => asked.push(question),
                        None => unasked
                            .push(format!("{id}: it is about columns that are not there yet")),
                    }
                }
            }
            (Some(Object::Domain(before)), Object::Domain(after)) if before.stricter(after) => {
                unasked.push(format!("{id}: columns of it are not looked through"));
            }
            _ => {}
        }
    }
    (asked, unasked)
}

struct Asking<'a> {
    changes: &'a Changes,
    id: &'a ObjectId,
}

impl Asking<'_> {
    fn is_on_old_table(&self) -> bool {
        let name = self.id.relation().cloned();
        name.is_some_and(|name| self.changes.previous.contains(&ObjectId::Table { name }))
    }

    fn column(&self, before: &Column, after: &Column, asked: &mut Vec<Question>) {
        let ObjectId::Column { table, name } = self.id else {
            return;
        };
        if !before.not_null && after.not_null {
            asked.push(self.found(
                About::NotNull,
                format!("NULL in {}", self.id.plain()),
                table,
                &format!("{name} IS NULL"),
            ));
        }
        if before.data_type != after.data_type {
            asked.extend(cast::question(self, table, name, before, after));
        }
    }

    fn new_column(&self, after: &Column) -> Option<Question> {
        let ObjectId::Column { table, name } = self.id else {
            return None;
        };
        let default = ObjectId::Default {
            table: table.clone(),
            column: name.clone(),
        };
        let filled = self.changes.next.contains(&default) || after.identity.is_some();
        let needs = after.not_null && !filled && self.is_on_old_table();
        needs.then(|| {
            let wrong = format!("rows that would have no value in {}", self.id.plain());
            self.found(About::Rows, wrong, table, "true")
        })
    }

    /// None where it can't be asked, and nothing inside where there is nothing to ask.
    fn constraint(&self, key: &Constraint) -> Option<Option<Question>> {
        let table = self.id.relation()?;
        if !key.validated || !key.local {
            return Some(None);
        }
        if !self.are_there(table, &key.columns) {
            return None;
        }
        Some(Some(match key.kind {
            ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
                let columns = key.columns.iter().map(Ident::to_string).collect();
                let nulls = key.definition.contains("NULLS NOT DISTINCT");
                self.duplicates(table, columns, None, nulls)
            }
            ConstraintKind::Check => {
                let expression = key.definition.strip_prefix("CHECK ")?;
                let wrong = format!("rows that {} does not allow", self.id.plain());
                self.found(About::Check, wrong, table, &format!("NOT {expression}"))
            }
            ConstraintKind::ForeignKey => key::orphans(self, table, key)?,
            ConstraintKind::Exclusion => return None,
        }))
    }

    fn unique_index(&self, table: &Name, definition: &str) -> Option<Question> {
        let columns: Vec<Ident> = (self.changes.next.needs(self.id))
            .filter_map(|need| match need {
                ObjectId::Column { table: of, name } if of == table => Some(name.clone()),
                _ => None,
            })
            .collect();
        let (expressions, condition) = key::of_index(definition)?;
        let nulls = definition.contains("NULLS NOT DISTINCT");
        self.are_there(table, &columns)
            .then(|| self.duplicates(table, expressions, condition, nulls))
    }

    /// Whether the columns are what they will be, but for their types.
    fn are_there(&self, table: &Name, columns: &[Ident]) -> bool {
        columns.iter().all(|name| {
            self.changes.previous.contains(&ObjectId::Column {
                table: table.clone(),
                name: name.clone(),
            })
        })
    }

    fn duplicates(
        &self,
        table: &Name,
        expressions: Vec<String>,
        condition: Option<&str>,
        nulls: bool,
    ) -> Question {
        let mut conditions: Vec<String> = condition.map(str::to_owned).into_iter().collect();
        if !nulls {
            conditions.extend(expressions.iter().map(|one| format!("{one} IS NOT NULL")));
        }
        let conditions = match conditions.is_empty() {
            true => "true".to_owned(),
            false => conditions.join(" AND "),
        };
        let places: Vec<String> = (1..=expressions.len()).map(|at| at.to_string()).collect();
        Question {
            about: About::Unique,
            subject: self.id.plain(),
            wrong: "rows with the same key".to_owned(),
            sql: format!(
                "SELECT {}, count(*) AS rows FROM {table} WHERE {conditions} GROUP BY {} HAVING count(*) > 1",
                expressions.join(", "),
                places.join(", ")
            ),
            probe: false,
        }
    }

    fn found(&self, about: About, wrong: String, table: &Name, condition: &str) -> Question {
        Question {
            about,
            subject: self.id.plain(),
            wrong,
            sql: format!(
                "SELECT {} FROM {table} WHERE {condition}",
                row_key(&self.changes.previous, table)
            ),
            probe: false,
        }
    }
}

/// The primary key's columns, or where the row lies.
fn row_key(schema: &Schema, table: &Name) -> String {
    let key = (schema.objects.iter()).find_map(|(id, object)| match object {
        Object::Constraint(key)
            if key.kind == ConstraintKind::PrimaryKey && id.relation() == Some(table) =>
        {
            Some(key.columns.iter().map(Ident::to_string).collect::<Vec<_>>())
        }
        _ => None,
    });
    key.map_or_else(
        || "ctid::text AS ctid".to_owned(),
        |columns| columns.join(", "),
    )
}
