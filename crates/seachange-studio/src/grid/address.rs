//! What a page shows, as its address says it: so a link leads to the same rows, sorted and narrowed down alike.

use serde::{Deserialize, Serialize};

use super::filter::{Filter, Operator};
use crate::answer::Refusal;
use crate::data::{Column, Relation, Text};
use crate::page::encode;
use crate::tables;

pub(crate) const SIZES: [usize; 4] = [25, 50, 100, 200];

/// Everything that the address of a grid says.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    path: String,
    pub(crate) sort: Vec<Sort>,
    pub(crate) filters: Vec<Filter>,
    /// A condition in SQL, as somebody wrote it.
    pub(crate) condition: Option<String>,
    /// The columns in their order; none where all are shown.
    pub(crate) shown: Option<Vec<Column>>,
    pub(crate) size: usize,
    pub(crate) from: From,
}

/// One column to sort by.
#[derive(Clone, Debug)]
pub(crate) struct Sort {
    pub(crate) column: Column,
    pub(crate) direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Ascending,
    Descending,
}

/// Where a page begins or ends: the values of a row that it comes after or before, or an end of them all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum From {
    Start,
    After(Vec<Text>),
    Before(Vec<Text>),
    End,
}

impl Address {
    /// Reads the pairs of a query; columns that are not there any more are refused by name.
    pub(crate) fn read(relation: &Relation, pairs: &[(String, String)]) -> Result<Self, Refusal> {
        let named = |name: &str| {
            relation.column(name).cloned().ok_or_else(|| {
                let table = relation.name.plain();
                Refusal::bad(format!("`{table}` has no column `{name}`"))
                    .help("it may have been renamed or dropped: begin at the table again")
            })
        };
        let mut address = Self {
            path: tables::path(relation.name.schema.as_str(), relation.name.name.as_str()),
            sort: Vec::new(),
            filters: Vec::new(),
            condition: None,
            shown: None,
            size: 50,
            from: From::Start,
        };
        let value_of = |name: &str| {
            let pair = pairs.iter().find(|(given, _)| given == name);
            pair.map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        for (name, value) in pairs {
            match name.as_str() {
                "sort" => address.sort.push(Sort::read(value, named)?),
                "filter" => address.filters.push(Filter::read(value, named)?),
                "where" if !value.trim().is_empty() => {
                    address.condition = Some(value.trim().to_owned());
                }
                "show" => address.shown.get_or_insert_default().push(named(value)?),
                "size" => {
                    let size = value.parse().ok().filter(|size| SIZES.contains(size));
                    address.size = size.ok_or_else(|| super::too_many(value))?;
                }
                "after" => address.from = From::After(cursor(value)?),
                "before" => address.from = From::Before(cursor(value)?),
                "last" => address.from = From::End,
                "column" if !value.is_empty() => {
                    let operator = Operator::read(value_of("operator"))?;
                    let given = match operator {
                        Operator::Among => pairs
                            .iter()
                            .filter(|(name, _)| name == "value")
                            .map(|(_, value)| value.clone())
                            .collect(),
                        Operator::Between => {
                            vec![value_of("value").to_owned(), value_of("upto").to_owned()]
                        }
                        _ => vec![value_of("value").to_owned()],
                    };
                    address
                        .filters
                        .push(Filter::new(named(value)?, operator, given));
                }
                _ => {}
            }
        }
        Ok(address)
    }

    /// Whether these are the fields of the form that adds a filter, which belong into one.
    pub(crate) fn is_of_a_form(&self, pairs: &[(String, String)]) -> bool {
        pairs
            .iter()
            .any(|(name, _)| name == "column" || name == "operator")
    }

    pub(crate) fn here(&self) -> String {
        let mut query: Vec<String> = Vec::new();
        for (name, value) in self.pairs() {
            query.push(format!("{name}={}", encode(&value)));
        }
        match query.is_empty() {
            true => self.path.clone(),
            false => format!("{}?{}", self.path, query.join("&")),
        }
    }

    /// What a form has to carry along: everything but the place, which another filter makes meaningless.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        for sort in &self.sort {
            pairs.push(("sort", sort.write()));
        }
        for filter in &self.filters {
            pairs.push(("filter", filter.write()));
        }
        pairs.extend(self.condition.iter().map(|it| ("where", it.clone())));
        for column in self.shown.iter().flatten() {
            pairs.push(("show", column.name.as_str().to_owned()));
        }
        if self.size != 50 {
            pairs.push(("size", self.size.to_string()));
        }
        match &self.from {
            From::Start => {}
            From::After(values) => pairs.push(("after", written(values))),
            From::Before(values) => pairs.push(("before", written(values))),
            From::End => pairs.push(("last", "yes".to_owned())),
        }
        pairs
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The same with another page of it.
    pub(crate) fn at(&self, from: From) -> Self {
        Self {
            from,
            ..self.clone()
        }
    }

    /// The same from the start, changed somehow.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = self.at(From::Start);
        change(&mut changed);
        changed.here()
    }
}

fn cursor(value: &str) -> Result<Vec<Text>, Refusal> {
    serde_json::from_str(value).map_err(|_| {
        Refusal::bad("this address names no row to go on from").help("begin at the table again")
    })
}

fn written(values: &[Text]) -> String {
    serde_json::json!(values).to_string()
}

impl Sort {
    fn read(text: &str, named: impl Fn(&str) -> Result<Column, Refusal>) -> Result<Self, Refusal> {
        let (name, direction) = match text.rsplit_once(':') {
            Some((name, "asc")) => (name, Direction::Ascending),
            Some((name, "desc")) => (name, Direction::Descending),
            _ => {
                return Err(Refusal::bad(format!(
                    "`{text}` is no order: `column:asc` or `column:desc`"
                )));
            }
        };
        let column = named(name)?;
        if !column.ordered {
            let kind = &column.type_shown;
            return Err(Refusal::bad(format!(
                "rows cannot be sorted by `{name}`: {kind} has no order"
            )));
        }
        Ok(Self { column, direction })
    }

    fn write(&self) -> String {
        let direction = match self.direction {
            Direction::Ascending => "asc",
            Direction::Descending => "desc",
        };
        format!("{}:{direction}", self.column.name.as_str())
    }
}

impl Direction {
    pub(crate) fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}
