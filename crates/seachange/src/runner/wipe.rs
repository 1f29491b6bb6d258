//! Dropping everything that is in a database, for `fresh`. The schema itself stays, with its owner and
//! its grants.

use sea_orm::{ConnectionTrait as _, TransactionTrait as _};

use super::error::RunnerError;
use super::event::Direction;
use super::failure::Failure;
use super::lock::Held;
use super::run::Run;

/// Drops everything that is in the session's schema, in one statement. Extensions and further schemas
/// belong to the database as a whole: they go with `public` only.
pub const WIPE: &str = "\
DO $wipe$
DECLARE
    whole constant boolean := current_schema() = 'public';
    target record;
BEGIN
    FOR target IN
        SELECT 1 AS place, format('EXTENSION IF EXISTS %I', extname) AS what
          FROM pg_extension WHERE whole AND extname <> 'plpgsql'
        UNION ALL
        SELECT 2, format('SCHEMA IF EXISTS %I', nspname)
          FROM pg_namespace n
         WHERE whole AND nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid
                              AND d.deptype = 'e')
        UNION ALL
        SELECT 3, format('%s IF EXISTS %I.%I',
                 CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                              WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE'
                              WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END,
                 current_schema(), relname)
          FROM pg_class c
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
           AND NOT relispartition
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                              AND (d.deptype = 'e' OR d.deptype = 'i' AND c.relkind = 'S'))
        UNION ALL
        SELECT 4, format('ROUTINE IF EXISTS %s', p.oid::regprocedure)
          FROM pg_proc p
         WHERE pronamespace = current_schema()::regnamespace
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                              AND d.deptype IN ('e', 'i'))
        UNION ALL
        SELECT 5, format('TYPE IF EXISTS %I.%I', current_schema(), typname)
          FROM pg_type t
         WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd', 'r', 'b')
           AND typelem = 0
           AND NOT EXISTS (SELECT FROM pg_depend d
                            WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid
                              AND d.deptype IN ('e', 'i'))
        UNION ALL
        SELECT 6, format('COLLATION IF EXISTS %I.%I', current_schema(), collname)
          FROM pg_collation WHERE collnamespace = current_schema()::regnamespace
        ORDER BY place, what
    LOOP
        EXECUTE format('DROP %s CASCADE', target.what);
    END LOOP;
END
$wipe$";

/// Drops it all, or nothing.
pub(super) async fn wipe(run: &mut Run<'_>, held: &Held) -> Result<(), RunnerError> {
    let work = held.work(run.target)?;
    let wiped = async {
        work.prepare().await?;
        let transaction = work.database.begin().await?;
        transaction.execute_unprepared(WIPE).await?;
        transaction.commit().await
    };
    let result = wiped.await.map_err(|error| {
        let failure = Failure::of_database(&error, "", Direction::Down);
        RunnerError::Wipe {
            sqlstate: failure.sqlstate.clone(),
            reason: failure.summary(),
        }
    });
    work.close().await;
    result
}
