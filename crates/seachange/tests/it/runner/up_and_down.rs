//! The way up and the way down, in every length.

use seachange::Help as _;
use seachange::runner::{
    Aftermath, Direction, Event, Extent, Interrupt, Run, RunnerError, Settings, State, Target,
};

use super::database::TestDatabase;
use super::migrator::{Backfill, Command, Migrator, call, down, sql, table, up};

const A: &str = "m20260101_000000_a";
const B: &str = "m20260102_000000_b";
const C: &str = "m20260103_000000_c";
const D: &str = "m20260104_000000_d";

fn abc() -> Migrator {
    Migrator::of(&[table(A), table(B), table(C)])
}

fn to(version: &str) -> Extent {
    Extent::To(version.to_owned())
}

#[tokio::test]
async fn all_the_way_up_and_back() {
    let database = TestDatabase::new().await;
    let program = abc().program();
    assert_eq!(
        up(&program, &database.url, Extent::All).await.done(),
        [A, B, C]
    );
    assert_eq!(database.relations().await, "a b c");
    assert_eq!(database.applied().await, [A, B, C]);

    let again = up(&program, &database.url, Extent::All).await;
    assert_eq!(again.done(), [""; 0]);
    match again.events.as_slice() {
        [Event::Nothing(why)] => {
            assert_eq!(why, "nothing pending: all 3 migrations are applied");
        }
        other => panic!("{other:?}"),
    }

    assert_eq!(
        down(&program, &database.url, Extent::All).await.done(),
        [C, B, A]
    );
    assert_eq!(database.relations().await, "");
    assert_eq!(database.applied().await, [""; 0]);
    assert_eq!(
        down(&program, &database.url, Extent::All).await.done(),
        [""; 0]
    );
}

#[tokio::test]
async fn by_steps_and_to_a_version() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let program = abc().sql(table(D)).program();
    assert_eq!(up(&program, url, Extent::Steps(1)).await.done(), [A]);
    assert_eq!(up(&program, url, to(C)).await.done(), [B, C]);
    assert_eq!(up(&program, url, to(B)).await.done(), [""; 0]);
    assert_eq!(up(&program, url, to("_d")).await.done(), [D]);
    assert_eq!(down(&program, url, Extent::Steps(1)).await.done(), [D]);
    assert_eq!(down(&program, url, to("m20260102")).await.done(), [C]);
    assert!(matches!(
        down(&program, url, to(D)).await.error(),
        RunnerError::NotApplied { .. }
    ));
    let unknown = up(&program, url, to("m20260109_000000_a")).await;
    assert_eq!(unknown.error().exit_code(), 1);
    assert!(unknown.error().help().unwrap().contains(A));
    assert_eq!(database.applied().await, [A, B]);
}

#[tokio::test]
async fn a_failure_half_way_leaves_nothing_and_the_rerun_goes_on() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let broken = sql(
        B,
        "-- Makes b.\nCREATE TABLE b (id int);\nINSERT INTO b VALUES (1);\n\nALTER TABLE nobody\n    ADD COLUMN x int;\n",
        "DROP TABLE b;\n",
    );
    let outcome = up(
        &Migrator::of(&[table(A), broken, table(C)]).program(),
        url,
        Extent::All,
    )
    .await;
    assert_eq!(outcome.gone_through(), [A]);
    let error = outcome.error();
    assert_eq!(error.exit_code(), 1);
    let RunnerError::Failed(failure) = error else {
        panic!("{error}");
    };
    assert_eq!(failure.sqlstate.as_deref(), Some("42P01"));
    assert_eq!(failure.aftermath, Aftermath::RolledBack);
    let place = failure.place.as_ref().unwrap();
    assert_eq!(place.path, format!("migration/src/{B}/up.sql"));
    assert_eq!(place.line, 5);
    assert!(error.to_string().starts_with(&format!(
        "`{B}` could not be applied: migration/src/{B}/up.sql:5: relation \"nobody\" does not exist (SQLSTATE 42P01)"
    )));
    assert_eq!(database.relations().await, "a");
    assert_eq!(database.applied().await, [A]);
    database
        .check(
            "SELECT string_agg(version || ' ' || outcome, ', ' ORDER BY id) FROM seachange_history",
            &format!("{A} done, {B} failed"),
        )
        .await;
    database
        .check(
            "SELECT error LIKE '%up.sql:5: %42P01%' FROM seachange_history WHERE outcome = 'failed'",
            "true",
        )
        .await;

    let mended = abc().program();
    assert_eq!(up(&mended, url, Extent::All).await.done(), [B, C]);
    assert_eq!(database.relations().await, "a b c");
}

#[tokio::test]
async fn detail_and_hint_are_postgresqls_own() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[sql(
        A,
        "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1), (1);\nCREATE UNIQUE INDEX a_id ON a (id);\n",
        "DROP TABLE a;\n",
    )])
    .program();
    let outcome = up(&program, &database.url, Extent::All).await;
    let text = outcome.error().to_string();
    assert!(
        text.contains("up.sql:3: could not create unique index"),
        "{text}"
    );
    assert!(
        text.contains("DETAIL: Key (id)=(1) is duplicated."),
        "{text}"
    );
    assert!(
        text.contains("STATEMENT: CREATE UNIQUE INDEX a_id"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_checked_at_commit_fails_the_migration() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[sql(
        A,
        "CREATE TABLE a (id int PRIMARY KEY, other int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
         INSERT INTO a VALUES (1, 2);",
        "DROP TABLE a;",
    )])
    .program();
    let outcome = up(&program, &database.url, Extent::All).await;
    let RunnerError::Failed(failure) = outcome.error() else {
        panic!("{outcome:?}");
    };
    assert_eq!(failure.sqlstate.as_deref(), Some("23503"));
    assert_eq!(database.relations().await, "");
}

#[tokio::test]
async fn commit_inside_a_transaction_is_not_run() {
    let database = TestDatabase::new().await;
    let program =
        Migrator::of(&[sql(A, "CREATE TABLE a (id int);\nCOMMIT;\nSELECT 1;", "")]).program();
    let outcome = up(&program, &database.url, Extent::All).await;
    let text = outcome.error().to_string();
    assert!(
        text.contains("up.sql:2: this would end the transaction"),
        "{text}"
    );
    assert_eq!(database.relations().await, "");
}

#[tokio::test]
async fn concurrently_runs_outside_a_transaction_and_records_its_statements() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let index = sql(
        B,
        "-- seachange: no-transaction\nCREATE INDEX CONCURRENTLY a_id ON a (id);\nANALYZE a;\n",
        "DROP INDEX a_id;\n",
    );
    let program = Migrator::of(&[table(A), index]).program();
    assert_eq!(up(&program, url, Extent::All).await.done(), [A, B]);
    assert_eq!(database.relations().await, "a a_id");
    database
        .check(
            &format!("SELECT outcome || statement FROM seachange_history WHERE version = '{B}'"),
            "done2",
        )
        .await;
    assert_eq!(down(&program, url, Extent::All).await.done(), [B, A]);
}

#[tokio::test]
async fn outside_a_transaction_a_failure_says_how_far_it_came() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    let up_sql = "-- seachange: no-transaction\nCREATE TABLE IF NOT EXISTS a (id int);\nINSERT INTO a VALUES (1);\nSELECT 1 / (count(*) - 1) FROM a;\n";
    let program = Migrator::of(&[sql(A, up_sql, "DROP TABLE a;")]).program();
    let outcome = up(&program, url, Extent::All).await;
    let RunnerError::Failed(failure) = outcome.error() else {
        panic!("{outcome:?}");
    };
    let stopped = Aftermath::Journalled {
        statement: 3,
        of: 3,
    };
    assert_eq!(failure.aftermath, stopped);
    assert!(
        outcome
            .error()
            .to_string()
            .contains("statements 1 to 2 stay in effect")
    );
    assert_eq!(database.relations().await, "a");
    assert_eq!(database.applied().await, [""; 0]);

    let target = Target::new(url.as_str());
    let status = seachange::runner::status(&program, &target).await.unwrap();
    assert_eq!(status.migrations[0].state, State::Pending);
    let failed = status.migrations[0].failure.as_ref().unwrap();
    assert_eq!(failed.statement, Some(3));
    assert!(failed.error.as_ref().unwrap().contains("division by zero"));

    let halfway = status.migrations[0].halfway.as_ref().unwrap();
    assert_eq!(
        (halfway.statement, halfway.of, halfway.begun),
        (3, 3, false)
    );

    // The second row is not the migration's: it goes on with its third statement.
    database.execute("INSERT INTO a VALUES (2)").await;
    assert_eq!(up(&program, url, Extent::All).await.done(), [A]);
    database
        .check("SELECT string_agg(id::text, ' ' ORDER BY id) FROM a", "1 2")
        .await;
    let status = seachange::runner::status(&program, &target).await.unwrap();
    assert_eq!(status.migrations[0].failure, None);
}

#[tokio::test]
async fn a_backfill_in_rust_counts_and_its_missing_way_back_is_named() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    database
        .execute("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2), (3)")
        .await;
    let program = Migrator::default()
        .sql(table(A))
        .rust(Backfill(B, "UPDATE t SET n = n * 10"))
        .program();
    assert_eq!(up(&program, url, Extent::All).await.done(), [A, B]);
    database.check("SELECT sum(n) FROM t", "60").await;
    let outcome = down(&program, url, Extent::Steps(1)).await;
    assert!(outcome.error().to_string().contains("it has no way back"));
    assert_eq!(database.applied().await, [A, B]);
}

#[tokio::test]
async fn a_failing_backfill_has_its_sqlstate_and_is_rolled_back() {
    let database = TestDatabase::new().await;
    let program = Migrator::default()
        .rust(Backfill(A, "CREATE TABLE a (id int); SELECT 1 / 0"))
        .program();
    let outcome = up(&program, &database.url, Extent::All).await;
    let text = outcome.error().to_string();
    assert!(text.contains("division by zero (SQLSTATE 22012)"), "{text}");
    assert_eq!(database.relations().await, "");
}

/// pg_dump's output empties search_path, and a session keeps what is set.
#[tokio::test]
async fn what_a_migration_sets_is_gone_after_it() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[
        sql(
            A,
            "SELECT pg_catalog.set_config('search_path', '', false); SET lock_timeout = '1h'; CREATE TABLE public.a (id int);",
            "",
        ),
        table(B),
        sql(
            C,
            "CREATE TABLE c AS SELECT current_setting('search_path') AS path, current_setting('lock_timeout') AS lock;",
            "",
        ),
    ])
    .program();
    assert_eq!(
        up(&program, &database.url, Extent::All).await.done(),
        [A, B, C]
    );
    database
        .check("SELECT path || ' ' || lock FROM c", "public 2s")
        .await;
}

#[tokio::test]
async fn another_schema_has_its_own_record() {
    let database = TestDatabase::new().await;
    database.execute("CREATE SCHEMA \"My App\"").await;
    let program = abc().program();
    let mut target = Target::new(database.url.as_str());
    target.schema = "My App".to_owned();
    let settings = Settings::default();
    let mut run = Run {
        program: &program,
        target: &target,
        settings: &settings,
        interrupt: Interrupt::never(),
        observe: &mut |_| {},
    };
    seachange::runner::up(&mut run, &Extent::All).await.unwrap();
    database
        .check("SELECT count(*) FROM \"My App\".seaql_migrations", "3")
        .await;
    database
        .check("SELECT to_regclass('\"My App\".a') IS NOT NULL", "true")
        .await;
    assert_eq!(database.relations().await, "");
}

#[tokio::test]
async fn a_dry_run_tells_the_sql_and_touches_nothing() {
    let database = TestDatabase::new().await;
    let program = Migrator::of(&[table(A)])
        .rust(Backfill(B, "UPDATE a SET id = 1"))
        .program();
    let target = Target::new(database.url.as_str());
    let settings = Settings::default();
    let mut run = Run {
        program: &program,
        target: &target,
        settings: &settings,
        interrupt: Interrupt::never(),
        observe: &mut |_| {},
    };
    let planned = seachange::runner::dry_run(&mut run, Direction::Up, &Extent::All)
        .await
        .unwrap();
    assert_eq!(planned.len(), 2);
    let file = planned[0].sql.as_ref().unwrap();
    assert_eq!(file.text, "CREATE TABLE a (id int);\n");
    assert_eq!(file.path, format!("migration/src/{A}/up.sql"));
    assert_eq!(planned[1].sql, None);
    database
        .check(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace",
            "0",
        )
        .await;
}

#[tokio::test]
async fn fresh_drops_every_kind_of_thing_and_refresh_goes_down_and_up() {
    let database = TestDatabase::new().await;
    let url = &database.url;
    database
        .execute(
            "CREATE EXTENSION citext; CREATE SCHEMA other; CREATE TABLE other.t (id int);
             CREATE TYPE mood AS ENUM ('x'); CREATE DOMAIN d AS int; CREATE TYPE pair AS (a int, b mood);
             CREATE TYPE span AS RANGE (subtype = int);
             CREATE TABLE p (id int, m mood) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
             CREATE VIEW v AS SELECT * FROM p; CREATE MATERIALIZED VIEW mv AS SELECT * FROM v;
             CREATE SEQUENCE s; CREATE TABLE serial (id serial, e citext);
             CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
             CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1';
             CREATE AGGREGATE agg (int) (SFUNC = int4pl, STYPE = int);
             CREATE COLLATION c (provider = icu, locale = 'und')",
        )
        .await;
    let program = abc().program();
    let settings = Settings::default();
    let outcome = call(&program, url, &settings, Interrupt::never(), Command::Fresh).await;
    assert_eq!(outcome.done(), [A, B, C]);
    assert_eq!(database.relations().await, "a b c");
    database
        .check(
            "SELECT (SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype <> 'c' AND typelem = 0)
                  + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
                  + (SELECT count(*) FROM pg_collation WHERE collnamespace = 'public'::regnamespace)
                  + (SELECT count(*) FROM pg_namespace WHERE nspname = 'other')
                  + (SELECT count(*) FROM pg_extension WHERE extname <> 'plpgsql')",
            "0",
        )
        .await;
    let outcome = call(
        &program,
        url,
        &settings,
        Interrupt::never(),
        Command::Refresh,
    )
    .await;
    assert_eq!(outcome.done(), [C, B, A, A, B, C]);
}

#[tokio::test]
async fn fresh_on_another_machine_is_refused() {
    let program = abc().program();
    let settings = Settings::default();
    let url = "postgres://app@db.example.invalid/app";
    for command in [Command::Fresh, Command::Refresh] {
        let outcome = call(&program, url, &settings, Interrupt::never(), command).await;
        assert!(matches!(outcome.error(), RunnerError::Remote { .. }));
        assert_eq!(outcome.error().exit_code(), 3);
    }
}
