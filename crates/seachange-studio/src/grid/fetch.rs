//! A page of rows, read by key.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::address::{Address, From};
use super::cell::Cell;
use super::keyset::{Order, Segments};
use crate::answer::Refusal;
use crate::data::{Column, Kind, Relation, RowAt, RowKey, Text, arguments, qualified};

/// An address gets no longer by a row's values than this.
const CURSOR: usize = 4000;

/// Rows in their order, and where to go on.
pub(super) struct Page {
    pub(super) rows: Vec<Row>,
    pub(super) newer: Option<From>,
    pub(super) older: Option<From>,
    /// More rows than these, and no key to go on by.
    pub(super) endless: bool,
}

/// One row.
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) at: RowAt,
    place: Vec<Text>,
}

/// The conditions and the values that they are about.
struct Conditions {
    sql: Vec<String>,
    values: Vec<String>,
}

impl Conditions {
    fn parameter(values: &mut Vec<String>, value: &str) -> String {
        values.push(value.to_owned());
        format!("${}::text", values.len())
    }

    fn of(address: &Address) -> Result<Self, Refusal> {
        let mut values = Vec::new();
        let mut sql = Vec::new();
        for filter in &address.filters {
            sql.push(filter.sql(|value| Self::parameter(&mut values, value))?);
        }
        // Behind a line of its own, so that a comment in it ends.
        sql.extend(address.condition.iter().map(|it| format!("(\n{it}\n)")));
        Ok(Self { sql, values })
    }
}

/// Reads the page that an address names.
pub(super) async fn page(
    connection: &mut PgConnection,
    relation: &Relation,
    address: &Address,
) -> Result<Page, Refusal> {
    let order = Order::new(&address.sort, &relation.key);
    let mut conditions = Conditions::of(address)?;
    let read = match address.from.is_backwards() {
        true => order.reversed(),
        false => order.clone(),
    };
    let segments: Segments = match &address.from {
        From::Start | From::End => vec![None],
        From::After(values) | From::Before(values) => {
            let parameters = &mut conditions.values;
            read.after(values, |value| Conditions::parameter(parameters, value))
                .ok_or_else(|| {
                    Refusal::bad("this address goes on from a row of another order")
                        .help("begin at the table again")
                })?
        }
    };
    let columns = columns(relation, address);
    let mut rows: Vec<Row> = Vec::new();
    for segment in segments {
        let wanted = address.size + 1 - rows.len();
        if wanted == 0 {
            break;
        }
        let mut all = conditions.sql.clone();
        all.extend(segment);
        let sql = select(relation, &columns, &read, &all, wanted);
        rows.extend(fetch(connection, sql, &conditions.values).await?);
    }
    Ok(paged(rows, address, &relation.key))
}

/// What a grid shows without its pages: the columns, what comes behind SELECT and their names, and its parameters.
pub(crate) fn selected<'a>(
    relation: &'a Relation,
    address: &'a Address,
) -> Result<(Vec<&'a Column>, String, Vec<String>), Refusal> {
    let conditions = Conditions::of(address)?;
    let order = Order::new(&address.sort, &relation.key);
    let sql = format!(
        "FROM {}{}{}",
        qualified(&relation.name),
        clause(&conditions.sql),
        order.clause()
    );
    Ok((columns(relation, address), sql, conditions.values))
}

fn clause(conditions: &[String]) -> String {
    match conditions.is_empty() {
        true => String::new(),
        false => format!(" WHERE {}", conditions.join(" AND ")),
    }
}

/// Those that are shown, in their order.
pub(super) fn columns<'a>(relation: &'a Relation, address: &'a Address) -> Vec<&'a Column> {
    match &address.shown {
        Some(shown) => shown.iter().collect(),
        None => relation.columns.iter().collect(),
    }
}

fn select(
    relation: &Relation,
    columns: &[&Column],
    order: &Order,
    conditions: &[String],
    limit: usize,
) -> String {
    let cells: Vec<String> = columns.iter().map(|it| Cell::expression(it)).collect();
    let texts = |expressions: Vec<String>| format!("ARRAY[{}]::text[]", expressions.join(", "));
    let key = (relation.key.expressions().into_iter())
        .map(|it| format!("{it}::text"))
        .collect();
    // Enough to see that there is no going on from here; the whole of it may be large.
    let place = (order.expressions())
        .map(|it| format!("left({it}::text, {})", CURSOR + 1))
        .collect();
    let version = match relation.kind {
        Kind::Table | Kind::Partitioned => "xmin::text",
        _ => "''",
    };
    let condition = clause(conditions);
    format!(
        "SELECT ARRAY[{}]::text[], {}, {}, {version} FROM {}{condition}{} LIMIT {limit}",
        cells.join(", "),
        texts(key),
        texts(place),
        qualified(&relation.name),
        order.clause(),
    )
}

async fn fetch(
    connection: &mut PgConnection,
    sql: String,
    values: &[String],
) -> Result<Vec<Row>, Refusal> {
    // A segment may lack some of them; their type is sent along, so none is unknown.
    let found = sqlx::query_with(AssertSqlSafe(sql), arguments(values)?)
        .persistent(false)
        .fetch_all(connection)
        .await?;
    let mut rows = Vec::new();
    for row in found {
        let cells: Vec<Text> = row.try_get(0)?;
        rows.push(Row {
            cells: cells.into_iter().map(Cell::new).collect(),
            at: RowAt {
                key: row.try_get(1)?,
                version: row.try_get(3)?,
            },
            place: row.try_get(2)?,
        });
    }
    Ok(rows)
}

fn paged(mut rows: Vec<Row>, address: &Address, key: &RowKey) -> Page {
    let more = rows.len() > address.size;
    rows.truncate(address.size);
    let backwards = address.from.is_backwards();
    if backwards {
        rows.reverse();
    }
    let place = |row: Option<&Row>| {
        let place = &row?.place;
        let size: usize = place.iter().flatten().map(String::len).sum();
        (size <= CURSOR).then(|| place.clone())
    };
    let (endless, newer, older) = match key {
        RowKey::None => (more, None, None),
        _ => {
            let is_first = matches!(address.from, From::Start) || backwards && !more;
            let is_last = matches!(address.from, From::End) || !backwards && !more;
            (
                false,
                place(rows.first().filter(|_| !is_first)).map(From::Before),
                place(rows.last().filter(|_| !is_last)).map(From::After),
            )
        }
    };
    Page {
        rows,
        newer,
        older,
        endless,
    }
}
