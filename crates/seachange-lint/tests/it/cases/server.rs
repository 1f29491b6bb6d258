//! Whether PostgreSQL agrees with what is found: locks, rewrites and refusals, statement by statement.

use std::collections::BTreeMap;

use seachange::connection::statements;
use seachange_lint::{File, Finding, Linted, Work};
use sqlx::{AssertSqlSafe, PgConnection};

/// What PostgreSQL refuses, so that a finding of these codes is the end of the file.
const REFUSED: [&str; 2] = ["needs-no-transaction", "label-in-use"];

pub(super) async fn script(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    for statement in statements(sql) {
        execute(connection, statement.text).await?;
    }
    Ok(())
}

async fn execute(connection: &mut PgConnection, sql: &str) -> Result<(), String> {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .map(|_| ())
        .map_err(|error| format!("{sql}: {error}"))
}

/// Runs the file as the runner would, and compares.
pub(super) async fn agrees(
    connection: &mut PgConnection,
    file: &File<'_>,
    linted: &Linted,
) -> Result<(), String> {
    // These end or begin transactions, or are no SQL: nothing is to be seen behind them.
    let unfit = ["transaction-in-file", "not-read"];
    if linted.findings.iter().any(|one| unfit.contains(&one.code)) {
        return Ok(());
    }
    // What the file itself makes is nobody else's yet.
    let old = file_nodes(connection).await?;
    if file.transaction {
        execute(connection, "BEGIN").await?;
    }
    for statement in statements(file.text) {
        let here: Vec<&Finding> = linted
            .findings
            .iter()
            .filter(|one| {
                let lines = one.place.as_ref().map(|place| place.line..=place.end_line);
                lines.is_some_and(|lines| lines.contains(&statement.line))
                    || is_within(one, statement.line, statement.text)
            })
            .collect();
        let mut nodes = file_nodes(connection).await?;
        nodes.retain(|table, _| old.contains_key(table));
        let ran = execute(connection, statement.text).await;
        let refused = here.iter().any(|one| REFUSED.contains(&one.code));
        match (ran, refused) {
            (Err(_), true) => {
                return execute(connection, "ROLLBACK").await;
            }
            (Ok(()), true) => return Err(format!("PostgreSQL takes `{}`", statement.text)),
            (Err(why), false) => return Err(why),
            (Ok(()), false) => {}
        }
        if file.transaction {
            locks(connection, &here).await?;
        }
        rewrites(
            &nodes,
            &file_nodes(connection).await?,
            &here,
            statement.text,
        )?;
    }
    match file.transaction {
        true => execute(connection, "COMMIT").await,
        false => Ok(()),
    }
}

fn is_within(finding: &Finding, line: u32, text: &str) -> bool {
    let lines = u32::try_from(text.matches('\n').count()).unwrap();
    (finding.place.as_ref()).is_some_and(|place| (line..=line + lines).contains(&place.line))
}

/// The strongest lock that this session holds on each table of each finding is the one that it names.
async fn locks(connection: &mut PgConnection, here: &[&Finding]) -> Result<(), String> {
    for finding in here {
        let Some(impact) = &finding.impact else {
            continue;
        };
        for table in &impact.tables {
            let held: Vec<String> = sqlx::query_scalar(
                "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND granted \
                 AND relation = to_regclass($1)::oid",
            )
            .bind(table)
            .fetch_all(&mut *connection)
            .await
            .map_err(|error| error.to_string())?;
            // What is dropped or renamed has no name to look it up by.
            let gone: bool = sqlx::query_scalar("SELECT to_regclass($1) IS NULL")
                .bind(table)
                .fetch_one(&mut *connection)
                .await
                .map_err(|error| error.to_string())?;
            if gone {
                continue;
            }
            let rank = |mode: &str| {
                [
                    "AccessShareLock",
                    "RowShareLock",
                    "RowExclusiveLock",
                    "ShareUpdateExclusiveLock",
                    "ShareLock",
                    "ShareRowExclusiveLock",
                    "ExclusiveLock",
                    "AccessExclusiveLock",
                ]
                .iter()
                .position(|one| *one == mode)
            };
            let strongest = held.iter().max_by_key(|mode| rank(mode));
            let named = words(impact.lock.name());
            if strongest != Some(&named) {
                return Err(format!(
                    "`{}` names {named} on {table}, and PostgreSQL holds {held:?}",
                    finding.code
                ));
            }
        }
    }
    Ok(())
}

/// `SHARE ROW EXCLUSIVE` as `pg_locks` has it.
fn words(name: &str) -> String {
    let words = name.split(' ');
    let words = words.map(|word| format!("{}{}", &word[..1], word[1..].to_lowercase()));
    words.collect::<String>() + "Lock"
}

/// Tables that were written anew are said to be, and no others.
fn rewrites(
    before: &BTreeMap<String, i64>,
    after: &BTreeMap<String, i64>,
    here: &[&Finding],
    statement: &str,
) -> Result<(), String> {
    let mut rewritten: Vec<&String> = before
        .iter()
        .filter(|(table, node)| after.get(*table).is_some_and(|now| now != *node))
        .map(|(table, _)| table)
        .collect();
    // An empty file takes the place of the old one, at once.
    if statement
        .trim_start()
        .to_ascii_uppercase()
        .starts_with("TRUNCATE")
    {
        rewritten.clear();
    }
    let said: Vec<&String> = here
        .iter()
        .filter_map(|finding| finding.impact.as_ref())
        .filter(|impact| impact.work == Work::Rewrite)
        .flat_map(|impact| &impact.tables)
        // A partitioned table has no file.
        .filter(|table| before.contains_key(*table))
        .collect();
    match said.iter().all(|one| rewritten.contains(one))
        && rewritten.iter().all(|one| said.contains(one))
    {
        true => Ok(()),
        false => Err(format!(
            "`{statement}` rewrites {rewritten:?}, and {said:?} is said to be"
        )),
    }
}

async fn file_nodes(connection: &mut PgConnection) -> Result<BTreeMap<String, i64>, String> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT oid::regclass::text, pg_relation_filenode(oid)::int8 FROM pg_class \
         WHERE relkind IN ('r', 'm') AND NOT relispartition AND relnamespace = 'public'::regnamespace",
    )
    .fetch_all(connection)
    .await
    .map_err(|error| error.to_string())?;
    Ok(rows.into_iter().collect())
}
