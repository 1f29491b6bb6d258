//! What a database holds, to be compared around a circle: every table's rows, and where every sequence
//! stands.

use std::collections::BTreeMap;

use seachange::draft::Draft;
use seachange_schema::Rename;
use seachange_schema::plan::Risk;
use sqlx::{AssertSqlSafe, PgConnection, Row};

/// From a table's plain name to what it and its sequences hold.
pub(super) struct Snapshot(BTreeMap<String, String>);

const TABLES: &str = "SELECT c.oid::regclass::text, \
        ltrim(replace(n.nspname, 'public', '') || '.' || c.relname, '.') \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE c.oid >= 16384 AND NOT c.relispartition AND n.nspname NOT LIKE 'pg\\_%' \
        AND c.relkind IN ('r', 'p') ORDER BY 1";

const SEQUENCES: &str = "SELECT ltrim(replace(n.nspname, 'public', '') || '.' || coalesce(t.relname, c.relname), '.'), \
        c.relname, pg_sequence_last_value(c.oid)::text \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjsubid > 0 \
    LEFT JOIN pg_class t ON t.oid = d.refobjid \
    WHERE c.relkind = 'S' AND c.oid >= 16384 ORDER BY 2";

impl Snapshot {
    pub(super) async fn take(connection: &mut PgConnection) -> Result<Self, String> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        let tables = sqlx::query(TABLES)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| error.to_string())?;
        for table in tables {
            let (quoted, plain): (String, String) = (table.get(0), table.get(1));
            let rows = answer(
                connection,
                &format!("SELECT to_jsonb(t) AS row FROM {quoted} t ORDER BY to_jsonb(t)::text"),
            )
            .await?;
            found.entry(plain).or_default().push_str(&rows);
        }
        let sequences = sqlx::query(SEQUENCES)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| error.to_string())?;
        for sequence in sequences {
            let at: Option<String> = sequence.get(2);
            let name: String = sequence.get(1);
            found.entry(sequence.get(0)).or_default().push_str(&format!(
                " {name} at {}",
                at.as_deref().unwrap_or("its start")
            ));
        }
        Ok(Self(found))
    }

    /// Whether all but the tables `lost` hold what they held.
    pub(super) fn same(&self, other: &Self, lost: &[String]) -> Result<(), String> {
        for (table, rows) in &self.0 {
            let now = other.0.get(table);
            let speaks =
                |subject: &String| subject == table || subject.starts_with(&format!("{table}."));
            if now != Some(rows) && !lost.iter().any(speaks) {
                return Err(format!("{table} held {rows}, and holds {now:?}"));
            }
        }
        Ok(())
    }
}

/// The subjects of every hazard that says that something is lost, under the names that they have before.
pub(super) fn lost(draft: &Draft) -> Vec<String> {
    let mut subjects: Vec<String> = (draft.up.steps().chain(draft.down.steps()))
        .flat_map(|step| &step.hazards)
        .filter(|hazard| hazard.code.risk() == Risk::DataLoss)
        .map(|hazard| hazard.subject.clone())
        .collect();
    for rename in draft.changes.renames_first.iter().rev() {
        if let Rename::Object { from, to } = rename {
            let (old, new) = (from.plain(), to.plain());
            let back: Vec<String> = (subjects.iter())
                .filter(|subject| **subject == new || subject.starts_with(&format!("{new}.")))
                .map(|subject| subject.replacen(&new, &old, 1))
                .collect();
            subjects.extend(back);
        }
    }
    subjects
}

/// The rows of a query, as text, in an order that where they lie does not change.
pub(super) async fn answer(connection: &mut PgConnection, query: &str) -> Result<String, String> {
    if query.trim().is_empty() {
        return Ok(String::new());
    }
    let query = format!(
        "SELECT coalesce(json_agg(q ORDER BY q::text), '[]')::text FROM ({}) AS q",
        query.trim()
    );
    let row = sqlx::query(AssertSqlSafe(query))
        .fetch_one(connection)
        .await
        .map_err(|error| error.to_string())?;
    row.try_get(0).map_err(|error| error.to_string())
}
