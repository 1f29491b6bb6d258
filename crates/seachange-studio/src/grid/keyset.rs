//! The order of rows, and what comes after one of them: by values, never by counting (OFFSET reads all that it skips).

use super::address::{Direction, From, Sort};
use crate::data::{RowKey, Text};

/// What rows are ordered by: the columns that were asked for, then the key, so that no two rows are alike.
#[derive(Clone, Debug)]
pub(super) struct Order {
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    expression: String,
    type_name: String,
    direction: Direction,
    /// NULL sorts as larger than all else (PostgreSQL manual, 7.5 "Sorting Rows").
    nullable: bool,
}

/// Conditions one after the other: all rows of the first come before those of the second.
pub(super) type Segments = Vec<Option<String>>;

impl Order {
    pub(super) fn new(sort: &[Sort], key: &RowKey) -> Self {
        let mut terms: Vec<Term> = sort
            .iter()
            .map(|it| Term {
                expression: it.column.name.to_string(),
                type_name: it.column.type_name.clone(),
                direction: it.direction,
                nullable: !it.column.required,
            })
            .collect();
        // In one direction, so that an index of both can be read in its own order.
        let direction = sort
            .first()
            .map_or(Direction::Ascending, |first| first.direction);
        for (expression, type_name) in key.expressions().into_iter().zip(key.types()) {
            if terms.iter().all(|term| term.expression != expression) {
                terms.push(Term {
                    expression,
                    type_name,
                    direction,
                    nullable: false,
                });
            }
        }
        Self { terms }
    }

    pub(super) fn reversed(&self) -> Self {
        let mut terms = self.terms.clone();
        for term in &mut terms {
            term.direction = term.direction.reversed();
        }
        Self { terms }
    }

    /// The values of a row that say where it is in the order.
    pub(super) fn expressions(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().map(|term| term.expression.as_str())
    }

    pub(super) fn clause(&self) -> String {
        let terms: Vec<String> = self
            .terms
            .iter()
            .map(|term| match term.direction {
                Direction::Ascending => term.expression.clone(),
                Direction::Descending => format!("{} DESC", term.expression),
            })
            .collect();
        match terms.is_empty() {
            true => String::new(),
            false => format!(" ORDER BY {}", terms.join(", ")),
        }
    }

    /// What comes after the row with these values; none where their number is another.
    pub(super) fn after(
        &self,
        values: &[Text],
        mut parameter: impl FnMut(&str) -> String,
    ) -> Option<Segments> {
        if values.len() != self.terms.len() || values.is_empty() {
            return None;
        }
        let typed: Vec<Option<String>> = self
            .terms
            .iter()
            .zip(values)
            .map(|(term, value)| {
                let value = value.as_deref()?;
                Some(format!("{}::{}", parameter(value), term.type_name))
            })
            .collect();
        Some(
            self.by_rows(&typed)
                .unwrap_or_else(|| vec![Some(self.by_terms(&typed))]),
        )
    }

    /// Where all terms go one way and no more than the first may be NULL, a comparison of rows does, which an index answers.
    fn by_rows(&self, typed: &[Option<String>]) -> Option<Segments> {
        let (first, rest) = self.terms.split_first()?;
        let one_way = rest.iter().all(|term| term.direction == first.direction);
        if !one_way || rest.iter().any(|term| term.nullable) {
            return None;
        }
        let expression = &first.expression;
        Some(match (typed[0].is_some(), first.direction) {
            (true, Direction::Ascending) => {
                let mut segments = vec![Some(compare(&self.terms, typed)?)];
                if first.nullable {
                    segments.push(Some(format!("{expression} IS NULL")));
                }
                segments
            }
            (true, Direction::Descending) => vec![Some(compare(&self.terms, typed)?)],
            (false, direction) => {
                let among = format!("{expression} IS NULL AND {}", compare(rest, &typed[1..])?);
                match direction {
                    Direction::Ascending => vec![Some(among)],
                    Direction::Descending => {
                        vec![Some(among), Some(format!("{expression} IS NOT NULL"))]
                    }
                }
            }
        })
    }

    /// The first value that differs decides.
    fn by_terms(&self, typed: &[Option<String>]) -> String {
        let mut ways = Vec::new();
        let mut same: Vec<String> = Vec::new();
        for (term, value) in self.terms.iter().zip(typed) {
            let expression = &term.expression;
            let beyond = match (value, term.direction) {
                (Some(value), Direction::Ascending) if term.nullable => {
                    Some(format!("({expression} > {value} OR {expression} IS NULL)"))
                }
                (Some(value), Direction::Ascending) => Some(format!("{expression} > {value}")),
                (Some(value), Direction::Descending) => Some(format!("{expression} < {value}")),
                (None, Direction::Ascending) => None,
                (None, Direction::Descending) => Some(format!("{expression} IS NOT NULL")),
            };
            if let Some(beyond) = beyond {
                let mut way = same.clone();
                way.push(beyond);
                ways.push(format!("({})", way.join(" AND ")));
            }
            same.push(match value {
                Some(value) => format!("{expression} = {value}"),
                None => format!("{expression} IS NULL"),
            });
        }
        match ways.is_empty() {
            true => "false".to_owned(),
            false => format!("({})", ways.join(" OR ")),
        }
    }
}

fn compare(terms: &[Term], typed: &[Option<String>]) -> Option<String> {
    let values: Option<Vec<&str>> = typed.iter().map(Option::as_deref).collect();
    let sign = match terms.first()?.direction {
        Direction::Ascending => ">",
        Direction::Descending => "<",
    };
    let names: Vec<&str> = terms.iter().map(|term| term.expression.as_str()).collect();
    Some(format!(
        "({}) {sign} ({})",
        names.join(", "),
        values?.join(", ")
    ))
}

impl From {
    pub(super) fn is_backwards(&self) -> bool {
        matches!(self, Self::Before(_) | Self::End)
    }
}
