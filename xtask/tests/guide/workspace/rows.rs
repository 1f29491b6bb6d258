//! Every row of a database as values, to be compared before and after; and what a change is expected to
//! have done to them.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgConnection};

/// Table, key of the row, column: value.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Rows(BTreeMap<String, BTreeMap<String, Map<String, Value>>>);

const TABLES: &str = "\
SELECT relname::text FROM pg_class \
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
  AND relname <> 'seaql_migrations' AND NOT starts_with(relname, 'seachange_')";

impl Rows {
    pub(super) async fn read(connection: &mut PgConnection) -> Self {
        let tables: Vec<String> = sqlx::query_scalar(TABLES)
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        let mut all = BTreeMap::new();
        for table in tables {
            let query = format!("SELECT to_jsonb(r)::text FROM \"{table}\" r");
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query))
                .fetch_all(&mut *connection)
                .await
                .unwrap();
            let mut keyed = BTreeMap::new();
            for text in rows {
                let row: Map<String, Value> = serde_json::from_str(&text).unwrap();
                let key = row.get("id").map_or(text, ToString::to_string);
                assert!(
                    keyed.insert(key, row).is_none(),
                    "two rows of {table} are one"
                );
            }
            all.insert(table, keyed);
        }
        Self(all)
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// How many rows each table has.
    pub(crate) fn counts(&self) -> BTreeMap<&str, usize> {
        let counts = self.0.iter();
        counts
            .map(|(table, rows)| (table.as_str(), rows.len()))
            .collect()
    }

    /// The values of `users.name`, by the row's key.
    #[track_caller]
    pub(crate) fn column(&self, column: &str) -> BTreeMap<&str, &Value> {
        let (table, column) = split(column);
        let values = self.table(table).iter().map(|(key, row)| {
            let value = row.get(column);
            (
                key.as_str(),
                value.unwrap_or_else(|| panic!("no column {column}")),
            )
        });
        values.collect()
    }

    /// With another column in every row.
    #[track_caller]
    pub(crate) fn with(&self, column: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        self.changed(column, |row, column| {
            assert!(row.insert(column.to_owned(), value.clone()).is_none());
        })
    }

    /// Without a column that is there.
    #[track_caller]
    pub(crate) fn without(&self, column: &str) -> Self {
        self.changed(column, |row, column| assert!(row.remove(column).is_some()))
    }

    /// With a column's values under another name.
    #[track_caller]
    pub(crate) fn renamed(&self, column: &str, new: &str) -> Self {
        self.changed(column, |row, column| {
            let value = row.remove(column).unwrap();
            assert!(row.insert(new.to_owned(), value).is_none());
        })
    }

    /// With every value of a column replaced by what comes of it.
    #[track_caller]
    pub(crate) fn mapped(&self, column: &str, map: impl Fn(&Value) -> Value) -> Self {
        self.changed(column, |row, column| {
            let value = row.get_mut(column).unwrap();
            *value = map(value);
        })
    }

    #[track_caller]
    fn changed(&self, column: &str, change: impl Fn(&mut Map<String, Value>, &str)) -> Self {
        let (table, column) = split(column);
        let mut changed = self.clone();
        let rows = changed.0.get_mut(table).unwrap();
        assert!(!rows.is_empty(), "a table without rows proves nothing");
        rows.values_mut().for_each(|row| change(row, column));
        changed
    }

    fn table(&self, table: &str) -> &BTreeMap<String, Map<String, Value>> {
        self.0
            .get(table)
            .unwrap_or_else(|| panic!("no table {table}"))
    }

    /// The same tables, rows and values, or the first differences.
    #[track_caller]
    pub(crate) fn are(&self, expected: &Self) {
        assert!(expected.count() > 0, "no rows prove nothing");
        if self == expected {
            return;
        }
        let mut words = String::new();
        let (was, is) = (expected.lines(), self.lines());
        for (sign, lines, others) in [("-", &was, &is), ("+", &is, &was)] {
            let differ = lines.iter().filter(|line| !others.contains(line));
            for line in differ.take(10) {
                let _ = writeln!(words, "{sign} {line}");
            }
        }
        panic!(
            "the rows are not as expected; expected {:?}, found {:?}\n{words}",
            expected.counts(),
            self.counts()
        );
    }

    fn lines(&self) -> Vec<String> {
        let rows = self.0.iter().flat_map(|(table, rows)| {
            let rows = rows.values();
            rows.map(move |row| format!("{table} {}", Value::Object(row.clone())))
        });
        rows.collect()
    }
}

#[track_caller]
fn split(column: &str) -> (&str, &str) {
    column.split_once('.').unwrap()
}
