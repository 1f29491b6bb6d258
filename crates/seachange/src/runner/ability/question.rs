//! The questions. None of them leaves anything behind, and one that is answered with an error says no.

use sqlx::{AssertSqlSafe, PgConnection, Row as _};

use super::{Abilities, Ability};
use crate::runner::outside::is_lost;
use crate::runner::watch::{blockers, working};

const SETTINGS: [(Ability, &str); 4] = [
    (Ability::LockTimeout, "lock_timeout"),
    (Ability::StatementTimeout, "statement_timeout"),
    (Ability::IdleSessionTimeout, "idle_session_timeout"),
    (
        Ability::IdleInTransactionTimeout,
        "idle_in_transaction_session_timeout",
    ),
];

/// What is needed whatever a run comes to do. `other` is a second session of the same kind.
pub(super) async fn of_sessions(
    ours: &mut PgConnection,
    other: &mut PgConnection,
) -> Result<Abilities, sqlx::Error> {
    let mut found = Abilities::default();
    found.lack(Ability::AdvisoryLocks, excludes(ours, other).await?);
    for (ability, name) in SETTINGS {
        let known = answered(raw(ours, format!("SHOW {name}")).await)?;
        found.lack(ability, known.is_ok());
    }
    // No session has this number.
    let told = answered(blockers(ours, 0).await)?;
    found.lack(Ability::BlockingPids, told.is_ok());
    let told = answered(working(ours, 0).await)?;
    found.lack(Ability::Progress, told.is_ok());
    Ok(found)
}

/// What is needed once there is something to do.
pub(super) async fn of_transactions(
    connection: &mut PgConnection,
) -> Result<Abilities, sqlx::Error> {
    let mut found = Abilities::default();
    found.lack(Ability::Savepoints, savepoints(connection).await?);
    let name = format!("seachange_ability_{:016x}", rand::random::<u64>());
    found.lack(
        Ability::TransactionalDdl,
        rolls_back(connection, &name).await?,
    );
    // There is no such table, and no server that knows it runs it here.
    let index = format!("CREATE INDEX CONCURRENTLY {name}_x ON {name} (id)");
    let said = within(connection, &[index]).await?;
    found.lack(
        Ability::ConcurrentIndexes,
        !said.is_err_and(|code| is_unknown(&code)),
    );
    Ok(found)
}

/// Whether a lock that one session holds is refused to another one, is seen, and is free once it is given back.
async fn excludes(ours: &mut PgConnection, other: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let key = rand::random::<i64>();
    let take = format!("SELECT pg_try_advisory_lock({key})");
    let free = format!("SELECT pg_advisory_unlock({key})");
    let seen = format!(
        "SELECT count(*) = 1 FROM pg_locks JOIN pg_stat_activity USING (pid) \
         WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() \
           AND (classid::bigint << 32) | objid::bigint = {key}"
    );
    let mut answers = [false; 6];
    answers[0] = yes(ours, &take).await?;
    answers[1] = yes(ours, &seen).await?;
    answers[2] = yes(other, &take).await?;
    answers[3] = yes(ours, &free).await?;
    answers[4] = yes(other, &take).await?;
    answers[5] = yes(other, &free).await?;
    Ok(answers == [true, true, false, true, true, true])
}

async fn savepoints(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let steps = [
        "SAVEPOINT seachange_ability",
        "ROLLBACK TO SAVEPOINT seachange_ability",
        "RELEASE SAVEPOINT seachange_ability",
    ];
    let said = within(connection, &steps.map(str::to_owned)).await?;
    Ok(said.is_ok())
}

/// Whether a table is gone with the transaction that made it. Where neither a table nor a temporary one may be
/// made, nobody can tell, and it is taken to be so.
async fn rolls_back(connection: &mut PgConnection, name: &str) -> Result<bool, sqlx::Error> {
    for what in ["TABLE", "TEMPORARY TABLE"] {
        let create = format!("CREATE {what} {name} (id integer)");
        match within(connection, &[create]).await? {
            Ok(()) => {
                let gone = format!("SELECT to_regclass('{name}') IS NULL");
                if yes(connection, &gone).await? {
                    return Ok(true);
                }
                answered(raw(connection, format!("DROP TABLE {name}")).await)?.ok();
                return Ok(false);
            }
            Err(code) if is_unknown(&code) || code == "25001" => return Ok(false),
            Err(_) => {}
        }
    }
    Ok(true)
}

/// Runs these in a transaction that is rolled back; the code of the first that failed.
async fn within(
    connection: &mut PgConnection,
    statements: &[String],
) -> Result<Result<(), String>, sqlx::Error> {
    raw(connection, "BEGIN".to_owned()).await?;
    let mut result = Ok(());
    for statement in statements {
        result = answered(raw(connection, statement.clone()).await)?;
        if result.is_err() {
            break;
        }
    }
    raw(connection, "ROLLBACK".to_owned()).await?;
    Ok(result)
}

/// The server's own no, as its code; a session that is lost is no answer.
fn answered<T>(result: Result<T, sqlx::Error>) -> Result<Result<(), String>, sqlx::Error> {
    match result {
        Ok(_) => Ok(Ok(())),
        Err(error) if is_lost(&error) => Err(error),
        Err(sqlx::Error::Database(error)) => Ok(Err(error.code().unwrap_or_default().into_owned())),
        // An answer of another shape than PostgreSQL's.
        Err(_) => Ok(Err(String::new())),
    }
}

/// A syntax error, or a feature that is not supported.
fn is_unknown(code: &str) -> bool {
    matches!(code, "42601" | "0A000")
}

async fn yes(connection: &mut PgConnection, sql: &str) -> Result<bool, sqlx::Error> {
    let row = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .fetch_one(connection)
        .await;
    match row {
        Ok(row) => Ok(row.try_get(0).unwrap_or(false)),
        Err(error) => answered::<()>(Err(error)).map(|_| false),
    }
}

async fn raw(connection: &mut PgConnection, sql: String) -> Result<(), sqlx::Error> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await;
    done.map(drop)
}
